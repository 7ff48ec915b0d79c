package io.jenkins.plugins.concurrency.steps.parameter;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.util.FormValidation;
import io.jenkins.plugins.concurrency.engine.fetch.file.RelativePath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Checks texts in the forms of steps. Variables of a script are accepted, because their values are unknown here. */
public final class FormChecks {

    private FormChecks() {}

    /** Throws an exception with a message of one line if a text is wrong. */
    @FunctionalInterface
    public interface Check {
        void run(String text) throws IllegalArgumentException, WrongArgumentException;
    }

    /** Checks a time in seconds. */
    public static FormValidation seconds(@CheckForNull String text) {
        Duration time = Seconds.of(Seconds.normal(text));
        return time == null || time.isNegative() ? FormValidation.error(Messages.FormChecks_Seconds()) : FormValidation.ok();
    }

    /** @param word allowed instead of a number; empty for none */
    static FormValidation between(long least, long most, String word, @CheckForNull String text) {
        String given = Util.fixNull(text).strip();
        if (!word.isEmpty() && given.equals(word)) {
            return FormValidation.ok();
        }
        try {
            long number = Long.parseLong(given);
            if (number >= least && number <= most) {
                return FormValidation.ok();
            }
        } catch (NumberFormatException e) {
            // an error is returned below
        }
        String from = String.valueOf(least);
        if (!word.isEmpty()) {
            return FormValidation.error(Messages.FormChecks_BetweenOr(from, String.valueOf(most), word));
        }
        return FormValidation.error(
                most == Long.MAX_VALUE
                        ? Messages.FormChecks_From(from)
                        : Messages.FormChecks_Between(from, String.valueOf(most)));
    }

    /** Checks that a path stays in the workspace. */
    public static FormValidation path(@CheckForNull String text) {
        String path = Util.fixNull(text).strip();
        return RelativePath.leadsOut(path) ? FormValidation.error(Messages.FormChecks_LeadsOut(path)) : FormValidation.ok();
    }

    /** Checks a text that may be empty. */
    public static FormValidation text(@CheckForNull String text, Check check) {
        String given = Util.fixEmptyAndTrim(text);
        if (given == null) {
            return FormValidation.ok();
        }
        String problem = problem(given, check);
        return problem == null ? FormValidation.ok() : FormValidation.error(problem);
    }

    /** Checks each line of a text, and reports each wrong line. */
    public static FormValidation lines(@CheckForNull String text, Check check) {
        List<FormValidation> problems = new ArrayList<>();
        int number = 0;
        for (String line : Util.fixNull(text).lines().toList()) {
            number++;
            String problem = line.isBlank() ? null : problem(line.strip(), check);
            if (problem != null) {
                problems.add(FormValidation.error(Messages.FormChecks_Line(String.valueOf(number), problem)));
            }
        }
        return problems.isEmpty() ? FormValidation.ok() : FormValidation.aggregate(problems);
    }

    @CheckForNull
    private static String problem(String text, Check check) {
        try {
            check.run(text);
            return null;
        } catch (IllegalArgumentException | WrongArgumentException e) {
            return e.getMessage();
        }
    }
}
