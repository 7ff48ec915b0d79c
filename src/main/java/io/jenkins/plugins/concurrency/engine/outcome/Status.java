package io.jenkins.plugins.concurrency.engine.outcome;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Locale;

/** How a branch ended. */
public enum Status {
    SUCCEEDED,
    FAILED,
    /** It was told to stop, or never started, because the run was cancelled. */
    CANCELLED;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The name in journals and results. */
    @NonNull
    public String text() {
        return text;
    }

    /**
     * The status with this {@link #text()}.
     *
     * @throws IllegalArgumentException if there is none
     */
    @NonNull
    public static Status of(@NonNull String text) {
        for (Status status : values()) {
            if (status.text.equals(text)) {
                return status;
            }
        }
        throw new IllegalArgumentException("no status '" + text + "'");
    }
}
