package io.jenkins.plugins.concurrency.engine.schedule;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
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
public final class Scheduler<B extends Branch> implements ScheduleControl {

    private final BranchSource<B> source;
    private final Attempter<B> attempter;
    private final ScheduleLimits limits;
    private final BranchSettings policy;
    private final OutcomeSink sink;
    private final AttemptCounter counter;
    private final StartLoop<ScheduledBranch<B>> starts = new StartLoop<>(this::take, this::start, this::endIfDone);
    private final Object lock = new Object();

    // Guarded by lock.
    private final WaitingBranches<B> waiting;
    private final AttemptTimeout<B> timeLimit;
    private final Set<ScheduledBranch<B>> running = new LinkedHashSet<>();
    private final ScheduleEnd end = new ScheduleEnd();
    private int reporting;
    private boolean exhausted;
    private BranchError cancelReason;
    private BranchError retryEnd;
    private boolean aborted;

    /** Whether waiting branches are left to another process, and not reported. */
    private boolean leaving;

    /**
     * Prepares a run; {@link #start()} starts it.
     *
     * @param source closed at the end
     * @param counter knows the attempts that another process has started, and counts those of this process
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
        this.waiting = new WaitingBranches<>(limits, timer, this::wake, this::wakeGroup);
        this.timeLimit = new AttemptTimeout<>(policy, timer, this::timeOut);
    }

    @Override
    public CompletionStage<OutcomeCounts> start() {
        starts.poll();
        return end.result();
    }

    /** Call when the source may have new branches, or when the gate may be open. Does not wait. */
    public void wake() {
        poll(waiting::askGateAgain);
    }

    private void wakeGroup(String name) {
        poll(() -> waiting.groupIsDue(name));
    }

    private void poll(Runnable change) {
        synchronized (lock) {
            change.run();
        }
        starts.poll();
    }

    /** Still starts what the source yields, but nothing again. */
    void endRetries(String why) {
        poll(() -> {
            retryEnd = new BranchError(ErrorType.CANCELLED, why);
            waiting.endPauses();
        });
    }

    @Override
    public void cancel(String why) {
        stop(new BranchError(ErrorType.CANCELLED, why), true);
        starts.poll();
    }

    @Override
    public void halt(String why) {
        stop(new BranchError(ErrorType.CANCELLED, why), false);
        starts.poll();
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

    private void stop(BranchError reason, boolean abort) {
        List<Attempt> toAbort = new ArrayList<>();
        synchronized (lock) {
            if (cancelReason == null) {
                cancelReason = reason;
                source.stop();
                waiting.endPauses();
            }
            if (!abort || aborted) {
                return;
            }
            aborted = true;
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

    /** The next branch to start, or to report as cancelled; {@code null} if there is none, or if no more may run. */
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
        // Only the thread that starts attempts gets here. So the source has one reader, and its I/O is outside the
        // lock.
        while (true) {
            boolean complete = source.isComplete(); // asked first, because the last branch may be added before the read
            ScheduledBranch<B> ticket = readSource();
            if (ticket == null && !complete && source.isComplete()) {
                continue; // the source has become complete; there may be another branch
            }
            synchronized (lock) {
                if (leaving) {
                    return null;
                }
                if (ticket == null) {
                    exhausted = complete || end.isFailure();
                    // a source that failed has cancelled the other branches
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
            cancelled = cancelReason == null && ticket.isBegun() ? retryEnd : cancelReason;
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
        } catch (Throwable e) { // an Error too: the run would wait for this branch for ever
            attemptEnded(ticket, AttemptResult.unexpected(e));
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
                .whenComplete((result, thrown) -> attemptEnded(ticket, thrown == null ? result : AttemptResult.unexpected(thrown)));
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
                // attempts that began before there was a limit get one now
                running.stream().filter(other -> other.attempt != null).forEach(timeLimit::watch);
            }
            outcome = ticket.end(result, policy.retry(), cancelReason != null || retryEnd != null);
            if (outcome == null) {
                ticket.endAttempt((AttemptResult.Failed) result);
                pauseBeforeRetry(ticket, (AttemptResult.Failed) result);
            }
        }
        if (outcome == null) {
            starts.poll();
        } else {
            finish(ticket, outcome);
        }
    }

    private void pauseBeforeRetry(ScheduledBranch<B> ticket, AttemptResult.Failed failed) {
        release(ticket);
        Duration pause = policy.retry().pause(ticket.attempts, failed.retry().notBefore(), RandomGenerator.getDefault());
        waiting.pause(ticket, pause, () -> poll(() -> waiting.pauseEnded(ticket)));
    }

    private void finish(ScheduledBranch<B> ticket, Outcome outcome) {
        synchronized (lock) {
            release(ticket);
            reporting++;
        }
        try {
            boolean succeeded = outcome.status() == OutcomeStatus.SUCCEEDED;
            // The sink may cancel the rest because of this failure. Branches that are skipped because of it are not
            // part of the rest, so they are found before.
            List<Outcome> skipped = succeeded ? List.of() : source.ended(outcome);
            sink.ended(outcome);
            if (succeeded) {
                source.ended(outcome);
            }
            for (Outcome each : skipped) {
                sink.ended(each);
            }
        } catch (Throwable e) {
            leave(); // if one outcome can't be reported, the others can't either
            fail(e);
        }
        synchronized (lock) {
            end.count(outcome.status());
            reporting--;
        }
        starts.poll();
    }

    private void release(ScheduledBranch<B> ticket) {
        running.remove(ticket);
        waiting.ended(ticket);
    }

    private void fail(Throwable cause) {
        end.fail(cause);
        stop(new BranchError(ErrorType.CANCELLED, "the run failed: " + cause.getMessage()), true);
    }

    private void endIfDone() {
        synchronized (lock) {
            boolean isMore = !exhausted || !waiting.isEmpty();
            if (isMore && !leaving || !running.isEmpty() || reporting > 0) {
                return;
            }
        }
        end.close(source); // there are no more outcomes to count
    }
}
