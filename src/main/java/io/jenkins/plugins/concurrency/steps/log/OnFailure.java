package io.jenkins.plugins.concurrency.steps.log;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.steps.result.BranchFailuresException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a step does when all branches have ended and some have failed. */
public enum OnFailure {
    /** Marks stage and build as unstable, and returns the results. */
    UNSTABLE,
    /** Throws {@link BranchFailuresException}. */
    FAIL,
    /** Only returns the results. */
    IGNORE;

    /** The value of the parameter, for example {@code unstable}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All values of the parameter. */
    public static List<String> texts() {
        return Arrays.stream(values()).map(OnFailure::text).toList();
    }

    /** @return {@code null} if no value has this {@link #text()} */
    @CheckForNull
    public static OnFailure of(String text) {
        return Arrays.stream(values()).filter(value -> value.text().equals(text)).findFirst().orElse(null);
    }
}
