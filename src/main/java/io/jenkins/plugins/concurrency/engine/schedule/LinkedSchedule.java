package io.jenkins.plugins.concurrency.engine.schedule;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Two schedulers. The first one's sink puts its results into the {@link HandoffQueue}, and the second works on them. A
 * branch has ended when it fails in the first, or ends in the second.
 */
public final class LinkedSchedule implements ScheduleControl {

    private final Scheduler<?> first;
    private final Scheduler<?> second;
    private final HandoffQueue<?> between;

    private <B extends Branch> LinkedSchedule(Scheduler<?> first, Scheduler<B> second, HandoffQueue<B> between) {
        this.first = first;
        this.second = second;
        this.between = between;
        between.connect(first, second);
    }

    /**
     * Links two schedulers that have not been started.
     *
     * @param first has {@code between} as its gate
     * @param second has {@code between} as its source
     */
    public static <B extends Branch> LinkedSchedule of(Scheduler<?> first, Scheduler<B> second, HandoffQueue<B> between) {
        return new LinkedSchedule(first, second, between);
    }

    @Override
    public CompletionStage<OutcomeCounts> start() {
        CompletableFuture<OutcomeCounts> secondEnd = second.start().toCompletableFuture();
        secondEnd.whenComplete((tally, thrown) -> {
            if (thrown != null) {
                first.suspend(); // nobody takes anything from it any more
            }
        });
        CompletableFuture<OutcomeCounts> firstEnd = first.start().toCompletableFuture();
        firstEnd.whenComplete((tally, thrown) -> {
            if (thrown != null) {
                second.cancel("the run failed: " + thrown.getMessage());
            }
            between.complete();
        });
        return CompletableFuture.allOf(firstEnd, secondEnd).thenApply(both -> sum(firstEnd.join(), secondEnd.join()));
    }

    /** What succeeded in the first has ended in the second. */
    private static OutcomeCounts sum(OutcomeCounts first, OutcomeCounts second) {
        return new OutcomeCounts(second.succeeded(), first.failed() + second.failed(), first.cancelled() + second.cancelled());
    }

    @Override
    public void cancel(String why) {
        first.cancel(why);
        second.cancel(why);
    }

    /** What the first has begun, the second still takes. */
    @Override
    public void halt(String why) {
        first.halt(why);
        second.endRetries(why);
    }

    @Override
    public void suspend() {
        first.suspend();
        second.suspend();
    }
}
