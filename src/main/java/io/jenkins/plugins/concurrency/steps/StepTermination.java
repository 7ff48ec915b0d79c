package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.concurrency.agent.RunHandle;
import io.jenkins.plugins.concurrency.agent.RunThreads;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.run.FailureText;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.steps.log.LogText;
import io.jenkins.plugins.concurrency.steps.log.ProgressReporter;
import io.jenkins.plugins.concurrency.steps.log.RunProgress;
import io.jenkins.plugins.concurrency.steps.log.StepLabel;
import io.jenkins.plugins.concurrency.steps.result.BranchFailuresException;
import io.jenkins.plugins.concurrency.steps.result.BranchResults;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * The one end of a step whose work is a run: by its run, a failure, a stop or force, whichever comes first. Thread-safe.
 * The CPS thread calls only what returns at once or writes local files; all else is for threads that may block.
 */
final class StepTermination {

    private static final Logger LOGGER = Logger.getLogger(StepTermination.class.getName());

    /** How long a stopped run may take to end by itself. Then the step ends without it. */
    private static final long STOP_SECONDS = 15;

    /** The longest log line with text from a command or an agent, in characters. */
    static final int MAX_SAID = 2_000;

    private static final String STOPPED = "the build was stopped";

    private final StepExecution step;
    private final StepContext context;
    private final StepLabel label;
    private final String runId;
    private final int total;
    private final RunProgress progress;

    /** Why the step was stopped, if it was. The first cause counts. */
    private final AtomicReference<Throwable> stopCause = new AtomicReference<>();

    /** Whether the step's end was reported to its context. */
    private final AtomicBoolean ended = new AtomicBoolean();

    /** Stored, because a context that was ended by force can't find its build. */
    private volatile RunFiles files;

    private volatile ProgressReporter reporter;

    /** {@code null} until it is prepared. Set after the reporter. */
    private volatile RunHandle run;

    StepTermination(StepExecution step, StepLabel label, String runId, int total) {
        this.step = step;
        this.context = step.getContext();
        this.label = label;
        this.runId = runId;
        this.total = total;
        this.progress = new RunProgress(label, total);
    }

    /** Work that may block. If it fails, the step fails. */
    @FunctionalInterface
    interface Blocking {
        void run() throws Exception;
    }

    /** Runs work on another thread. Called by any thread; returns at once. */
    void attempt(Executor threads, Blocking work) {
        threads.execute(() -> {
            try {
                work.run();
            } catch (Throwable e) {
                fail(e); // an Error too: a step that does not end can't even be aborted
            }
        });
    }

    /** From now on, an end of the step also ends the run. Called once, before the run is started or resumed. */
    void add(RunHandle prepared, TaskListener log) throws IOException, InterruptedException {
        reporter = new ProgressReporter(progress, log);
        run = prepared;
        boolean over = hasEnded();
        if (!over) {
            ForcedEndDetector.get().add(step, build(), this::endedByForce);
        }
        if (stopCause.get() != null) {
            prepared.cancel(STOPPED);
        }
        if (!label.isQuiet() && !over) {
            reporter.start();
        }
    }

    /**
     * Makes the step fail as soon as its run has ended, or after {@value #STOP_SECONDS} seconds. Called by the CPS
     * thread, or if a step is resumed that was stopped before.
     *
     * @return whether this is the first cause
     */
    boolean stop(Throwable cause) {
        boolean first = stopCause.compareAndSet(null, cause);
        if (first) {
            Timer.get().schedule(
                    () -> RunThreads.ofController().execute(() -> fail(cause)), STOP_SECONDS, TimeUnit.SECONDS);
        }
        return first;
    }

    /** Records that the step was stopped, and cancels the run. */
    void cancel(Throwable cause) {
        try {
            StopRecord.write(files(), cause);
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.WARNING, e, () -> "can't record for a restarted controller that " + label.text() + " was stopped");
        }
        try {
            if (run != null) {
                run.cancel(STOPPED);
            }
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.FINE, e, () -> "can't cancel " + label.text()); // the step soon ends without the run
        }
    }

    boolean hasEnded() {
        return ended.get();
    }

    /** The counts of the run's branches. */
    RunProgress progress() {
        return progress;
    }

    /**
     * Ends the step after its run. Called by any thread; returns at once.
     *
     * @param problem why the step fails for another reason than its branches; {@code null} if there is none
     */
    void finish(JournalEntry.Finished last, @CheckForNull String problem) {
        attempt(RunThreads.ofController(), () -> {
            if (isFirst()) {
                deleteInputs();
                try {
                    end(last, problem);
                } catch (Throwable e) {
                    context.onFailure(e);
                }
            }
        });
    }

    /** Returns true only once, to the caller that may end the step. */
    private boolean isFirst() {
        ForcedEndDetector.get().remove(step);
        boolean first = ended.compareAndSet(false, true);
        if (first && run != null) {
            reporter.stop();
        }
        return first;
    }

    private void end(JournalEntry.Finished last, @CheckForNull String problem) throws Exception {
        Throwable stopped = stopCause.get();
        StepCompletion end = new StepCompletion(context, label, progress);
        BranchResults results = results();
        results.take(run.index());
        end.log(results::processors);
        if (stopped != null) {
            end.fail(stopped, problem);
        } else if (last.failure() != null) {
            String message = label.text() + ": " + LogText.line(last.failure(), MAX_SAID);
            end.fail(BranchFailuresException.ofRun(results, message), problem);
        } else {
            results.read(); // here, because the script's thread should not read files
            end.complete(results, problem);
        }
    }

    /** Ends the step with a failure, unless it has ended. Does so too if the context itself fails. */
    void fail(Throwable cause) {
        if (!isFirst()) {
            return;
        }
        Throwable first = stopCause.get() == null ? cause : stopCause.get();
        if (first != cause) {
            first.addSuppressed(cause);
        }
        deleteInputs();
        try {
            context.onFailure(first == cause ? inOneLine(cause) : first);
        } finally {
            if (run != null) {
                run.abandon();
            }
        }
    }

    /** Called when the program no longer waits for the step. */
    private void endedByForce() {
        if (isFirst()) {
            run.abandon().whenComplete((nothing, thrown) -> ForcedEndDetector.record(files, total));
        }
    }

    /** If a machine, a disk or an image failed, the build's log has one line. Defects keep their stack traces. */
    private Throwable inOneLine(Throwable cause) {
        if (!(cause instanceof IOException) || cause instanceof AbortException) {
            return cause;
        }
        // The cause is not attached: an exception from an agent can't be saved with the build, and then Pipeline prints
        // all stack traces.
        LOGGER.log(Level.FINE, cause, () -> label.text() + " failed");
        return new AbortException(label.text() + ": " + LogText.line(FailureText.of(cause), MAX_SAID));
    }

    /** Removes the run's inputs. Commands and URLs may contain secrets, and are not needed after the run. */
    void deleteInputs() {
        try {
            files().deleteInputs();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "can't remove the inputs of run " + runId);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The run's files in the build directory. */
    RunFiles files() throws IOException, InterruptedException {
        if (files == null) {
            files = RunFiles.in(build().getRootDir().toPath(), runId);
        }
        return files;
    }

    BranchResults results() throws IOException, InterruptedException {
        return new BranchResults(build(), runId, label.text());
    }

    private Run<?, ?> build() throws IOException, InterruptedException {
        return context.get(Run.class);
    }
}
