package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.run.file.BranchFile;
import io.jenkins.plugins.concurrency.engine.run.file.Feed;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptCounter;
import io.jenkins.plugins.concurrency.engine.schedule.Branch;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSource;
import io.jenkins.plugins.concurrency.engine.schedule.Scheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/**
 * Reads a run's branches from its {@link Feed} as they arrive, with the number of attempts that other nodes have made.
 */
final class FedBranches<B extends Branch> implements BranchSource<B> {

    private static final long LOOK_MILLIS = 20;

    private final Feed feed;
    private final BranchFile.Parser<B> parser;
    private final IntPredicate leaveOut;
    private final AttemptCounter attempts;
    private final BooleanSupplier isStopped;
    /** {@code null} if nothing is to be woken. */
    private Supplier<Future<?>> beginLooking;
    private volatile Future<?> looks;

    /**
     * The branches that are left of a run: of its feed if it has one, otherwise of its file.
     *
     * @param attempts learns of those that other nodes have made
     * @param isStopped whether the run is stopped
     * @throws IOException if they can't be read
     */
    static <B extends Branch> BranchSource<B> of(
            RunFiles files,
            BranchFile.Parser<B> parser,
            IntPredicate leaveOut,
            AttemptCounter attempts,
            BooleanSupplier isStopped)
            throws IOException {
        return Files.exists(files.feed())
                ? new FedBranches<>(new Feed(files.feed()), parser, leaveOut, attempts, isStopped)
                : BranchFile.read(files.branches(), parser, leaveOut);
    }

    private FedBranches(
            Feed feed,
            BranchFile.Parser<B> parser,
            IntPredicate leaveOut,
            AttemptCounter attempts,
            BooleanSupplier isStopped) {
        this.isStopped = isStopped;
        this.feed = feed;
        this.parser = parser;
        this.leaveOut = leaveOut;
        this.attempts = attempts;
    }

    /**
     * Wakes a scheduler whenever there may be more branches, until this source is closed. Called before the scheduler
     * starts.
     */
    static <B extends Branch> void wakeOnGrowth(
            BranchSource<B> branches, Scheduler<B> scheduler, ScheduledExecutorService timer) {
        if (branches instanceof FedBranches<B> fed) {
            fed.wakeOnGrowth(scheduler, timer);
        }
    }

    private void wakeOnGrowth(Scheduler<B> scheduler, ScheduledExecutorService timer) {
        beginLooking = () -> timer.scheduleWithFixedDelay(
                () -> {
                    if (feed.hasNews()) {
                        scheduler.wake();
                    }
                },
                LOOK_MILLIS,
                LOOK_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    @Override
    public B next() throws IOException {
        if (looks == null && beginLooking != null) {
            looks = beginLooking.get();
        }
        for (Feed.Line line; (line = feed.next()) != null; ) {
            if (!leaveOut.test(line.index())) {
                if (attempts.attempts(line.index()) < line.attempts()) {
                    attempts.begun(line.index(), line.attempts());
                }
                return parser.parse(line.index(), new JsonObject(line.fields()));
            }
        }
        return null;
    }

    /** A run that is stopped does not wait for later branches. */
    @Override
    public boolean isComplete() {
        return feed.isAtEnd() || isStopped.getAsBoolean();
    }

    @Override
    public void close() throws IOException {
        Future<?> scheduled = looks;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
        feed.close();
    }
}
