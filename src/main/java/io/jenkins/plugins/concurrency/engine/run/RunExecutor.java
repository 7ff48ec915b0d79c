package io.jenkins.plugins.concurrency.engine.run;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.HttpReactor;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.engine.pool.local.TaskEnvironment;
import io.jenkins.plugins.concurrency.engine.schedule.OutcomeCounts;
import io.jenkins.plugins.concurrency.engine.schedule.OutcomeSink;
import io.jenkins.plugins.concurrency.engine.schedule.ScheduleControl;
import java.io.Closeable;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.logging.Logger;

/**
 * Does a run from its run directory to the last line of its journal. Branches that are in the journal already are
 * skipped. So the same call starts a run, and continues a run whose process died. Used by the supervisor on an agent
 * and, for fetches outside {@code node}, by the controller.
 */
public final class RunExecutor {

    private static final Logger LOGGER = Logger.getLogger(RunExecutor.class.getName());

    private final RunFiles files;
    private final ScheduledExecutorService timer;
    private final Supplier<HttpReactor> reactor;
    private final OutcomeSink observer;
    private final RunEnvironment environment;

    /** Known once the spec has been read. */
    private volatile SecretMask mask = SecretMask.NONE;

    // Guarded by this.
    private RunJournal record;
    private ScheduleControl schedule;
    private boolean suspended;
    private String cancelled;
    private String halted;
    private String refused;

    /** For a run in a process of its own. */
    public RunExecutor(
            RunFiles files, ScheduledExecutorService timer, Supplier<HttpReactor> reactor, OutcomeSink observer) {
        this(
                files,
                timer,
                reactor,
                observer,
                RunEnvironment.local(files, TaskEnvironment.ofThisProcess(), Set.of(), RunBudgets.NONE));
    }

    /**
     * @param files the run directory, with its spec
     * @param timer for pauses and time limits
     * @param reactor asked once, if the run fetches
     * @param observer receives each outcome after it has been journaled
     * @param environment where the run's variables and processes are
     */
    public RunExecutor(
            RunFiles files,
            ScheduledExecutorService timer,
            Supplier<HttpReactor> reactor,
            OutcomeSink observer,
            RunEnvironment environment) {
        this.files = files;
        this.timer = timer;
        this.reactor = reactor;
        this.observer = observer;
        this.environment = environment;
    }

    /**
     * Starts the run and returns when its first branches are running.
     *
     * @return completes with the journal's last line, after it has been written; fails with a
     *     {@link CancellationException} after the run was suspended, and with an {@link IOException} if the last line
     *     can't be written
     * @throws IOException if the run can't be started, in one line; nothing is running then
     */
    public CompletionStage<JournalEntry.Finished> start() throws IOException {
        JournalIndex before = JournalIndex.read(files.journal());
        if (before.finished() != null) {
            return CompletableFuture.completedFuture(before.finished()); // its inputs may be gone
        }
        RunSpec spec = files.readSpec();
        mask = SecretMask.of(spec.secretVariables(), environment.variables());
        RunJournal opened = open(spec);
        int endedBefore = before.ended();
        try {
            if (before.isBegun()) {
                endDeadAttempts(spec, before);
            }
            opened.begin(spec.work() instanceof WorkSpec.Pool ? environment.host().processors() : 0);
            return start(new RunContext(files, spec, before, opened, mask))
                    .handle((tally, thrown) -> finish(opened, endedBefore, thrown));
        } catch (IOException | RuntimeException e) {
            try {
                finish(opened, endedBefore, e);
            } catch (CompletionException | CancellationException unfinished) {
                e.addSuppressed(unfinished);
            }
            throw e;
        }
    }

    /** The run continues even if something can't be removed. */
    private void endDeadAttempts(RunSpec spec, JournalIndex before) {
        try {
            DeadAttemptCleanup.end(files, spec, before, environment.host());
        } catch (IOException e) {
            LOGGER.warning(() -> "can't clean up after " + files.directory() + ": " + FailureText.of(e));
        }
    }

    private synchronized RunJournal open(RunSpec spec) throws IOException {
        record = new RunJournal(files, spec, observer);
        if (suspended) {
            record.suspend();
        }
        return record;
    }

    /**
     * Stops the run. Every branch that has not ended ends as cancelled.
     *
     * @param why for users, one line
     */
    public void cancel(String why) {
        ScheduleControl current;
        synchronized (this) {
            if (cancelled == null) {
                cancelled = why;
            }
            current = schedule;
        }
        if (current != null) {
            current.cancel(why);
        }
    }

    /**
     * Starts nothing more; every branch that is not under way ends as cancelled.
     *
     * @param why for users, one line
     */
    public void halt(String why) {
        ScheduleControl current;
        synchronized (this) {
            if (halted != null) {
                return;
            }
            halted = why;
            current = schedule;
        }
        if (current != null) {
            current.halt(why);
        }
    }

    /**
     * Suspends the run, so that another process can continue it. What is running is stopped and not journaled, unless
     * it ends before. The journal's last line says that the run is suspended.
     */
    public void suspend() {
        ScheduleControl current;
        synchronized (this) {
            suspended = true;
            if (record != null) {
                record.suspend();
            }
            current = schedule;
        }
        if (current != null) {
            current.suspend();
        }
    }

    private synchronized boolean isStopped() {
        return suspended || cancelled != null || halted != null;
    }

    private CompletionStage<OutcomeCounts> start(RunContext run) throws IOException {
        WorkBuilder.ScheduledWork work =
                new WorkBuilder(run, environment, timer, reactor, this::isStopped, this::functionRefused).work();
        try {
            stopIfRequested(work.schedule());
            run.failFast(work.schedule());
        } catch (IOException | RuntimeException e) {
            work.schedule().suspend(); // closes its source
            started(run.spec(), work);
            throw e;
        }
        return started(run.spec(), work);
    }

    /** Starts the work, and closes everything at its end. */
    private CompletionStage<OutcomeCounts> started(RunSpec spec, WorkBuilder.ScheduledWork work) {
        CompletionStage<OutcomeCounts> end = work.schedule().start();
        for (Closeable resource : work.afterwards()) {
            end = end.whenComplete((tally, thrown) -> close(resource));
        }
        if (spec.work().pool() == null) {
            return end; // no process to look for among all of the machine
        }
        return end.handle((tally, thrown) -> environment.host().kill(PoolEnvironment.runCookie(spec.id()))
                        .thenCompose(ignored -> result(tally, thrown)))
                .thenCompose(Function.identity());
    }

    /** Carries out a request that came before there was a schedule. */
    private void stopIfRequested(ScheduleControl created) {
        boolean suspendedBefore;
        String cancelledBefore;
        String haltedBefore;
        synchronized (this) {
            schedule = created;
            haltedBefore = halted;
            suspendedBefore = suspended;
            cancelledBefore = cancelled;
        }
        if (haltedBefore != null) {
            created.halt(haltedBefore);
        }
        if (suspendedBefore) {
            created.suspend();
        } else if (cancelledBefore != null) {
            created.cancel(cancelledBefore);
        }
    }

    private static void close(Closeable resource) {
        try {
            resource.close();
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private static CompletionStage<OutcomeCounts> result(OutcomeCounts tally, @CheckForNull Throwable thrown) {
        return thrown == null ? CompletableFuture.completedFuture(tally) : CompletableFuture.failedFuture(thrown);
    }

    /**
     * With a function that does not compile, or without its class path, no branch can succeed. So the run ends with one
     * message instead of many.
     */
    private void functionRefused(String why) {
        synchronized (this) {
            if (refused == null) {
                refused = why;
            }
        }
        cancel("the workers refused the function");
    }

    private JournalEntry.Finished finish(RunJournal record, int endedBefore, Throwable thrown) {
        JournalEntry.Finished last;
        long heapBytes = environment.isSupervisor() ? Runtime.getRuntime().totalMemory() : 0;
        try (record) {
            last = record.end(endedBefore + record.ended(), failure(thrown), heapBytes);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
        if (last == null) {
            throw new CancellationException("suspended");
        }
        return last;
    }

    @CheckForNull
    private String failure(Throwable thrown) {
        String failure = unmaskedFailure(thrown);
        return failure == null ? null : mask.text(failure);
    }

    @CheckForNull
    private synchronized String unmaskedFailure(@CheckForNull Throwable thrown) {
        if (refused != null) {
            return refused;
        }
        return thrown == null ? null : FailureText.of(thrown);
    }
}
