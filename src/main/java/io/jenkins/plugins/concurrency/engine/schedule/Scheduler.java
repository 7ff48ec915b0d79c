package io.jenkins.plugins.concurrency.engine.schedule;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;

/**
 * Takes branches from a source and keeps up to a number of attempts under way. Does retries, time limits, limits by
 * group, fail-fast and cancellation. Every branch that the source yields reaches the sink exactly once.
 *
 * <p>It has no thread of its own. Whichever thread learns that there is room starts attempts, a few at a time. A timer
 * wakes it for pauses and time limits. Memory is in proportion to the attempts under way, not to the number of
 * branches.
 *
 * @param <B> the kind of branch
 */
public final class Scheduler<B extends Branch> implements Schedule {

    /**
     * How many attempts a thread starts that only comes by: it serves others as well, as I/O threads and timers do. Of
     * branches that end at once there may be millions.
     */
    static final int TURN = 16;

    /** Start the rest, for each scheduler one of them at a time. */
    private static final Executor HELPERS = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "concurrency scheduler");
        thread.setDaemon(true);
        return thread;
    });

    private final BranchSource<B> source;
    private final Attempter<B> attempter;
    private final ScheduleLimits limits;
    private final BranchSettings policy;
    private final OutcomeSink sink;
    private final AttemptCounter counter;
    private final CompletableFuture<OutcomeCounts> ended = new CompletableFuture<>();
    private final Object lock = new Object();

    // Guarded by lock.
    private final WaitingBranches<B> waiting;
    private final AttemptTimeout<B> timeLimit;
    private final Set<ScheduledBranch<B>> running = new LinkedHashSet<>();
    private final Map<OutcomeStatus, Integer> counts = new EnumMap<>(OutcomeStatus.class);
    private int reporting;
    private boolean exhausted;
    private BranchError cancelReason;

    /** Whether what waits is left to another process, rather than reported. */
    private boolean leaving;

    private Throwable defect;
    private boolean pumping;
    private boolean pumpAgain;

    /**
     * Prepares a run; {@link #start()} starts it.
     *
     * @param source closed at the end
     * @param counter knows the attempts that another process has started, and counts those of this one
     * @param timer for pauses and time limits; its threads also start attempts
     */
    public Scheduler(
            BranchSource<B> source,
            Attempter<B> attempter,
            ScheduleLimits limits,
            BranchSettings policy,
            OutcomeSink sink,
            AttemptCounter counter,
            ScheduledExecutorService timer) {
        this.source = source;
        this.attempter = attempter;
        this.limits = limits;
        this.policy = policy;
        this.sink = sink;
        this.counter = counter;
        this.waiting = new WaitingBranches<>(limits, timer, this::wake, this::groupIsDue);
        this.timeLimit = new AttemptTimeout<>(policy, timer, this::timeOut);
    }

    @Override
    public CompletionStage<OutcomeCounts> start() {
        pump();
        return ended;
    }

    /** There may be branches where there were none, or the gate may be open: looks again. Does not wait. */
    public void wake() {
        synchronized (lock) {
            waiting.askGateAgain();
        }
        pump();
    }

    @Override
    public void cancel(String why) {
        stopAll(new BranchError(ErrorType.CANCELLED, why));
        pump();
    }

    @Override
    public void failFast(Outcome failed) {
        cancel("failFast: '" + failed.name() + "' failed");
    }

    @Override
    public void suspend() {
        leave();
        cancel("suspended");
    }

    private void leave() {
        synchronized (lock) {
            leaving = true;
        }
    }

    private void stopAll(BranchError reason) {
        List<Attempt> toAbort = new ArrayList<>();
        synchronized (lock) {
            if (cancelReason != null) {
                return;
            }
            cancelReason = reason;
            waiting.endPauses();
            for (ScheduledBranch<B> ticket : running) {
                if (ticket.abortReason == null) {
                    ticket.abortReason = reason;
                }
                if (ticket.attempt != null) {
                    toAbort.add(ticket.attempt);
                }
            }
        }
        toAbort.forEach(Attempt::abort);
    }

    /**
     * Starts as much as there is room for. One thread at a time does this. Another thread only asks it to look again.
     * So attempts that end at once never nest deeper and deeper.
     */
    private void pump() {
        synchronized (lock) {
            if (pumping) {
                pumpAgain = true;
                return;
            }
            pumping = true;
        }
        pump(TURN);
    }

    private void pump(int turn) {
        int left = turn;
        while (true) {
            ScheduledBranch<B> ticket = take();
            if (ticket != null && left == 0) {
                startRest(() -> {
                    start(ticket);
                    pump(Integer.MAX_VALUE);
                });
                return;
            }
            if (ticket != null) {
                left--;
                start(ticket);
                continue;
            }
            synchronized (lock) {
                if (!pumpAgain) {
                    pumping = false;
                    break;
                }
                pumpAgain = false;
            }
        }
        endIfDone();
    }

    private static void startRest(Runnable rest) {
        try {
            HELPERS.execute(rest);
        } catch (RuntimeException | Error e) { // no thread for it: else the run would stop here
            rest.run();
        }
    }

    /** The next branch to attempt, or to report as cancelled; {@code null} if there is none or no room. */
    @CheckForNull
    private ScheduledBranch<B> take() {
        synchronized (lock) {
            if (leaving) {
                return null;
            }
            boolean cancelled = cancelReason != null;
            if (!cancelled && running.size() >= limits.width()) {
                return null;
            }
            ScheduledBranch<B> next = cancelled ? waiting.any() : waiting.next();
            if (next != null || exhausted || !cancelled && waiting.isEnough()) {
                return admitted(next);
            }
        }
        // Only the pumping thread comes here, so the source has one reader, and its I/O happens outside the lock.
        while (true) {
            boolean complete = source.isComplete(); // asked first: what is added in between may be the last
            ScheduledBranch<B> ticket = readSource();
            if (ticket == null && !complete && source.isComplete()) {
                continue; // its end has come meanwhile, perhaps with something before it
            }
            synchronized (lock) {
                if (leaving) {
                    return null;
                }
                if (ticket == null) {
                    exhausted = complete || defect != null;
                    // a source that failed has cancelled the others
                    return cancelReason == null ? null : admitted(waiting.any());
                }
                if (cancelReason != null) {
                    return admitted(waiting.begun(ticket));
                }
                ScheduledBranch<B> next = waiting.startOrKeep(ticket);
                if (next != null || waiting.isEnough()) {
                    return admitted(next);
                }
            }
        }
    }

    private void groupIsDue(String name) {
        synchronized (lock) {
            waiting.groupIsDue(name);
        }
        pump();
    }

    @CheckForNull
    private ScheduledBranch<B> admitted(@CheckForNull ScheduledBranch<B> ticket) {
        if (ticket != null) {
            running.add(ticket);
        }
        return ticket;
    }

    @CheckForNull
    private ScheduledBranch<B> readSource() {
        try {
            B branch = source.next();
            if (branch == null) {
                return null;
            }
            String group = limits.areOfGroups() ? attempter.groupOf(branch) : null;
            return new ScheduledBranch<>(branch, group, counter.attempts(branch.index()));
        } catch (Throwable e) {
            fail(e);
            return null;
        }
    }

    private void start(ScheduledBranch<B> ticket) {
        BranchError cancelled;
        int number;
        synchronized (lock) {
            cancelled = cancelReason;
            if (cancelled == null) {
                ticket.beginAttempt();
            }
            number = ticket.attempts;
        }
        if (cancelled != null) {
            finish(ticket, ticket.outcome(OutcomeStatus.CANCELLED, cancelled, Map.of()));
            return;
        }
        Attempt attempt;
        try {
            counter.begun(ticket.branch.index(), number);
            attempt = attempter.attempt(ticket.branch, number);
        } catch (Throwable e) { // an Error too: a branch that nobody ends would keep the run
            attemptEnded(ticket, unexpected(e));
            return;
        }
        boolean abort;
        synchronized (lock) {
            ticket.attempt = attempt;
            abort = ticket.abortReason != null;
            if (running.contains(ticket)) { // it may have ended already
                timeLimit.watch(ticket);
            }
        }
        if (abort) {
            attempt.abort();
        }
        attempt.result()
                .whenComplete((result, thrown) -> attemptEnded(ticket, thrown == null ? result : unexpected(thrown)));
    }

    private void timeOut(ScheduledBranch<B> ticket, int number) {
        Attempt attempt;
        synchronized (lock) {
            if (ticket.attempts != number || ticket.attempt == null || ticket.abortReason != null) {
                return;
            }
            ticket.abortReason = timeLimit.exceeded(ticket);
            if (ticket.abortReason == null) {
                return;
            }
            attempt = ticket.attempt;
        }
        attempt.abort();
    }

    private void attemptEnded(ScheduledBranch<B> ticket, AttemptResult result) {
        Outcome outcome;
        synchronized (lock) {
            ticket.stopTimer();
            ticket.attempt = null;
            if (result instanceof AttemptResult.Succeeded && timeLimit.succeeded(ticket)) {
                // those that began before there was a limit have one from now on
                running.stream().filter(other -> other.attempt != null).forEach(timeLimit::watch);
            }
            outcome = outcomeOf(ticket, result);
            if (outcome == null) {
                ticket.endAttempt((AttemptResult.Failed) result);
                pauseBeforeRetry(ticket, (AttemptResult.Failed) result);
            }
        }
        if (outcome == null) {
            pump();
        } else {
            finish(ticket, outcome);
        }
    }

    /** The branch's outcome, or {@code null} if it gets another attempt. */
    @CheckForNull
    private Outcome outcomeOf(ScheduledBranch<B> ticket, AttemptResult result) {
        if (!(result instanceof AttemptResult.Failed failed)) {
            // also where the end crossed an abort: what is done is done
            return ticket.outcome(OutcomeStatus.SUCCEEDED, null, result.details());
        }
        if (!failed.retry().counted()) {
            ticket.attempts--;
        }
        BranchError aborted = ticket.abortReason;
        if (aborted != null && aborted.type() == ErrorType.CANCELLED) {
            return ticket.outcome(OutcomeStatus.CANCELLED, aborted, failed.details());
        }
        boolean sensible = aborted != null || failed.retry().sensible();
        if (sensible && policy.retry().allowsAnother(ticket.attempts) && cancelReason == null) {
            return null;
        }
        return ticket.outcome(OutcomeStatus.FAILED, aborted == null ? failed.error() : aborted, failed.details());
    }

    private void pauseBeforeRetry(ScheduledBranch<B> ticket, AttemptResult.Failed failed) {
        release(ticket);
        Duration pause =
                policy.retry().pause(ticket.attempts, failed.retry().notBefore(), RandomGenerator.getDefault());
        waiting.pause(ticket, pause, () -> pauseEnded(ticket));
    }

    private void pauseEnded(ScheduledBranch<B> ticket) {
        synchronized (lock) {
            waiting.pauseEnded(ticket);
        }
        pump();
    }

    private void finish(ScheduledBranch<B> ticket, Outcome outcome) {
        synchronized (lock) {
            release(ticket);
            reporting++;
        }
        try {
            sink.ended(outcome);
        } catch (Throwable e) {
            leave(); // where one outcome can't go, the others can't
            fail(e);
        }
        if (policy.failFast() && outcome.status() == OutcomeStatus.FAILED) {
            failFast(outcome);
        }
        synchronized (lock) {
            counts.merge(outcome.status(), 1, Integer::sum);
            reporting--;
        }
        pump();
    }

    private void release(ScheduledBranch<B> ticket) {
        running.remove(ticket);
        waiting.ended(ticket);
    }

    private void fail(Throwable cause) {
        synchronized (lock) {
            if (defect == null) {
                defect = cause;
            } else if (defect != cause) {
                defect.addSuppressed(cause);
            }
        }
        stopAll(new BranchError(ErrorType.CANCELLED, "the run failed: " + cause.getMessage()));
    }

    private void endIfDone() {
        OutcomeCounts tally;
        Throwable failure;
        synchronized (lock) {
            boolean isMore = !exhausted || !waiting.isEmpty();
            if (isMore && !leaving || !running.isEmpty() || reporting > 0) {
                return;
            }
            tally = new OutcomeCounts(count(OutcomeStatus.SUCCEEDED), count(OutcomeStatus.FAILED), count(OutcomeStatus.CANCELLED));
            failure = defect;
        }
        try {
            source.close();
        } catch (IOException e) {
            failure = failure == null ? e : failure;
        }
        if (failure == null) {
            ended.complete(tally);
        } else {
            ended.completeExceptionally(failure);
        }
    }

    private int count(OutcomeStatus status) {
        return counts.getOrDefault(status, 0);
    }

    private static AttemptResult.Failed unexpected(Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return AttemptResult.failed(ErrorType.ERROR, cause.toString());
    }
}
