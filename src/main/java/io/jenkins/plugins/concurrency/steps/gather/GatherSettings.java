package io.jenkins.plugins.concurrency.steps.gather;

import io.jenkins.plugins.concurrency.engine.schedule.BranchSettings;
import io.jenkins.plugins.concurrency.engine.schedule.FailFast;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import java.io.Serializable;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** {@link BranchSettings} in a form that a Pipeline's program state can store. Immutable. */
final class GatherSettings implements Serializable {

    private static final long serialVersionUID = 1;

    private final int failures;
    private final boolean soon;
    private final int retries;
    private final long delayMillis;
    private final long timeoutMillis;

    /** @param total how many branches there are */
    GatherSettings(BranchSettings policy, int total) {
        this.failures = policy.failFast().of(total).failures();
        this.soon = policy.failFast().soon();
        this.retries = policy.retry().retries();
        this.delayMillis = policy.retry().delay().toMillis();
        this.timeoutMillis = policy.timeout().toMillis();
    }

    FailFast failFast() {
        return new FailFast(failures, 0, soon);
    }

    /** The time limit of one attempt; zero for none. */
    Duration timeout() {
        return Duration.ofMillis(timeoutMillis);
    }

    /** Whether a branch gets another attempt after so many. */
    boolean allowsAnother(int attempts) {
        return retry().allowsAnother(attempts);
    }

    /** The pause after so many attempts. */
    Duration pause(int attempts) {
        return retry().pause(attempts, Duration.ZERO, ThreadLocalRandom.current());
    }

    private RetryPolicy retry() {
        return new RetryPolicy(retries, Duration.ofMillis(delayMillis));
    }
}
