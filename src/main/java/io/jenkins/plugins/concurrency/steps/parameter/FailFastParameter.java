package io.jenkins.plugins.concurrency.steps.parameter;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.schedule.FailFast;
import java.util.List;

/** Reads {@code failFast}: {@code true}, a number of failures, or a percentage of all branches such as {@code '10%'}. */
public final class FailFastParameter {

    public static final String ALLOWED = "true, a number of failed branches, or a percentage such as '10%'";

    private static final String SOON = "soon";

    /** The values of {@code failFastMode}; the first one is the default. */
    public static final List<String> MODES = List.of("now", SOON);

    private FailFastParameter() {}

    /** Converts a value from a form or a script to what a script would give. */
    public static Object normal(@CheckForNull Object given) {
        if (!(given instanceof CharSequence)) {
            return given == null ? false : given;
        }
        String text = given.toString().strip();
        if (text.isEmpty() || text.equals("true") || text.equals("false")) {
            return text.equals("true");
        }
        return text.matches("[0-9]{1,9}") ? (Object) Integer.valueOf(text) : text;
    }

    /**
     * Reads the limit.
     *
     * @param given a result of {@link #normal}
     * @return {@code null} if it is invalid
     */
    @CheckForNull
    public static FailFast of(Object given, String mode) {
        boolean soon = mode.equals(SOON);
        if (given instanceof Boolean first) {
            return new FailFast(first ? 1 : 0, 0, soon);
        }
        if (given.toString().matches("[0-9]{1,9}")) {
            return new FailFast(Integer.parseInt(given.toString()), 0, soon);
        }
        if (given instanceof String text && text.matches("([1-9][0-9]?|100)%")) {
            return new FailFast(0, Integer.parseInt(text.substring(0, text.length() - 1)), soon);
        }
        return null;
    }
}
