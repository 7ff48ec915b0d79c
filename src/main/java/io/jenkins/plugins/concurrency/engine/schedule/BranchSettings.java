package io.jenkins.plugins.concurrency.engine.schedule;

import java.time.Duration;
import java.util.Objects;

/**
 * Settings of the branches of every kind of run.
 *
 * @param failFast how many failed branches stop the others
 * @param retry how often and when a failed branch is tried again
 * @param timeout the time limit of one attempt; zero for none
 * @param timeoutPercent the time limit in percent of the median of the attempts that have succeeded so far; 0 for none
 */
public record BranchSettings(FailFast failFast, RetryPolicy retry, Duration timeout, int timeoutPercent) {

    /** Settings with a fixed time limit, or with none. */
    public BranchSettings(boolean failFast, RetryPolicy retry, Duration timeout) {
        this(failFast ? FailFast.FIRST : FailFast.NEVER, retry, timeout, 0);
    }

    public BranchSettings {
        Objects.requireNonNull(failFast);
        Objects.requireNonNull(retry);
        if (timeout.isNegative() || timeoutPercent < 0) {
            throw new IllegalArgumentException("negative timeout");
        }
        if (!timeout.isZero() && timeoutPercent > 0) {
            throw new IllegalArgumentException("two timeouts");
        }
    }
}
