package io.jenkins.plugins.concurrency.nodes;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jenkins.util.Timer;

/** Has a run say what it waits for when it has had no node for a while, once each time. Used on the run's lane alone. */
final class NodeWait {

    /** As long as Pipeline's {@code node} waits before it says so. */
    private static final long QUIET_SECONDS = 15;

    private final Executor lane;
    private final Runnable tell;

    /** {@code null} while the run does not wait. */
    private Future<?> telling;

    /** @param tell called on the lane while the run waits, or just after that */
    NodeWait(@NonNull Executor lane, @NonNull Runnable tell) {
        this.lane = lane;
        this.tell = tell;
    }

    /** Whether the run waits, now. */
    void set(boolean isWaiting) {
        if (isWaiting && telling == null) {
            telling = Timer.get().schedule(() -> lane.execute(tell), QUIET_SECONDS, TimeUnit.SECONDS);
        } else if (!isWaiting && telling != null) {
            telling.cancel(false);
            telling = null;
        }
    }
}
