package io.jenkins.plugins.concurrency.engine.outcome;

import java.util.Locale;

/** How a branch ended. */
public enum OutcomeStatus {
    SUCCEEDED,
    FAILED,
    /** It was stopped, or never started, because the run was cancelled. */
    CANCELLED,
    /** It never started, because a branch that it needs did not succeed. */
    SKIPPED;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The name in journals and results. */
    public String text() {
        return text;
    }

    /**
     * The status with this {@link #text()}.
     *
     * @throws IllegalArgumentException if there is no such status
     */
    public static OutcomeStatus of(String text) {
        for (OutcomeStatus status : values()) {
            if (status.text.equals(text)) {
                return status;
            }
        }
        throw new IllegalArgumentException("no status '" + text + "'");
    }
}
