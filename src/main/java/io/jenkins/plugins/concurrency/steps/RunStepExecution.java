package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Computer;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.concurrency.agent.RunHandle;
import io.jenkins.plugins.concurrency.agent.RunLocation;
import io.jenkins.plugins.concurrency.agent.RunThreads;
import io.jenkins.plugins.concurrency.agent.controller.ControllerRun;
import io.jenkins.plugins.concurrency.agent.follow.RunPlacement;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.journal.JournalWriter;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.run.FailureText;
import io.jenkins.plugins.concurrency.engine.run.RunDescription;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunLimits;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;
import io.jenkins.plugins.concurrency.nodes.MultiNodeRun;
import io.jenkins.plugins.concurrency.nodes.NodeBlocks;
import io.jenkins.plugins.concurrency.nodes.NodesObserver;
import io.jenkins.plugins.concurrency.steps.log.LogText;
import io.jenkins.plugins.concurrency.steps.log.ProgressReporter;
import io.jenkins.plugins.concurrency.steps.log.RunProgress;
import io.jenkins.plugins.concurrency.steps.log.StepLabel;
import io.jenkins.plugins.concurrency.steps.result.BranchFailuresException;
import io.jenkins.plugins.concurrency.steps.result.BranchResults;
import io.jenkins.plugins.concurrency.steps.result.RunDirectories;
import io.jenkins.plugins.concurrency.steps.secret.FetchSecrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * A step whose work is a run: writes the run's files into the build directory, starts the run, and ends when it ends.
 * The CPS thread only writes local files. Everything that talks to an agent happens on other threads.
 */
final class RunStepExecution extends StepExecution {

    private static final long serialVersionUID = 1;

    private static final Logger LOGGER = Logger.getLogger(RunStepExecution.class.getName());

    /** How long a stopped run may take to end in order before the step ends without it. */
    private static final long STOP_SECONDS = 15;

    /** The longest line that a command, or whatever an agent says, gets into the log, in characters. */
    private static final int MAX_SAID = 2_000;

    private static final String STOPPED = "the build was stopped";

    // What a restarted controller needs to take the run up.
    private final StepLabel label;
    private final String runId = UUID.randomUUID().toString();
    private final int total;

    /** {@code null} for a run that works where the step is. */
    @CheckForNull
    private final NodeBlocks nodes;

    /** Whose results are reused; {@code null} for none. */
    @CheckForNull
    private final EarlierBuild earlier;

    /** Where the run works; {@code null} for the controller. Set by start(). */
    private RunLocation location;

    /** What to do; needed until start() has written it down. */
    private transient RunPlan plan;

    /** Made by start() or after onResume(). Guarded by this. */
    private transient RunHandle run;

    private transient volatile RunProgress progress;
    private transient volatile ProgressReporter reporter;
    private transient volatile TaskListener log;

    /** Found once, since a context that is ended by force knows its build no more. */
    private transient volatile RunFiles files;

    /** Why the step was stopped, if it was; the first cause wins. Guarded by this. */
    private transient Throwable stopCause;

    /** The same in the program state, where it is of a kind that surely can be kept there. Guarded by this. */
    private FlowInterruptedException keptCause;

    /** Whether the step's end was reported to its context. Guarded by this. */
    @SuppressFBWarnings(value = "SE_TRANSIENT_FIELD_NOT_RESTORED", justification = "a step that is resumed has not ended")
    private transient boolean ended;

    /**
     * @param nodes get the nodes of a plan that works on nodes of its own; otherwise {@code null}
     * @param earlier whose results are reused; {@code null} for none
     */
    RunStepExecution(
            StepContext context, RunPlan plan, @CheckForNull NodeBlocks nodes, @CheckForNull EarlierBuild earlier) {
        super(context);
        this.nodes = nodes;
        this.earlier = earlier;
        this.plan = plan;
        this.label = plan.label();
        this.total = plan.branches().size();
    }

    @Override
    public boolean start() throws Exception {
        try {
            return start(files());
        } catch (Exception | Error e) {
            deleteInputs();
            throw e;
        }
    }

    private boolean start(RunFiles files) throws Exception {
        writeFiles(files);
        FilePath workspace = plan.nodes() == null ? getContext().get(FilePath.class) : null;
        if (workspace != null) {
            location = RunLocation.of(getContext().get(Computer.class), workspace, runId);
        }
        String withheld = location == null && plan.nodes() == null ? null : FetchSecrets.withheld(plan.work());
        plan = null;
        if (total == 0) {
            return endWithoutBranches(files);
        }
        if (withheld != null) {
            log().println(label.text() + ": " + withheld);
        }
        RunHandle prepared = prepare(files);
        boolean looksElsewhere = location == null && label.junit() != null;
        Executor threads = looksElsewhere ? JunitFile.threads(getContext()) : threads();
        // Not before Pipeline has saved that there is this step: a killed controller would begin it a second time.
        getContext().saveState().addListener(() -> execute(threads, () -> begin(prepared)), Runnable::run);
        return false;
    }

    private void writeFiles(RunFiles files) throws IOException {
        Files.createDirectories(files.directory());
        plan.branches().writeTo(files.branches());
        RunLimits limits = ConcurrencyConfiguration.get().runLimits();
        if (plan.nodes() != null) {
            plan.nodes().write(files);
        }
        files.writeSpec(new RunSpec(runId, plan.policy(), plan.work(), plan.secrets(), limits));
        files.writeAbout(new RunDescription(label.function(), label.text(), total, plan.slots(), System.currentTimeMillis()));
    }

    private void begin(RunHandle prepared) throws Exception {
        if (label.junit() != null) {
            JunitFile.check(getContext(), label.junit());
        }
        takeEarlierResults();
        prepared.start();
    }

    /** Puts the journal whose results are reused where the run looks for it: all of it or nothing. */
    private void takeEarlierResults() throws IOException, InterruptedException {
        Path journal = earlier == null ? null : earlier.journal(build(), label, log());
        if (journal == null) {
            return;
        }
        Path partial = files().earlierPartial();
        try {
            Files.copy(journal, partial, StandardCopyOption.REPLACE_EXISTING);
            Files.move(partial, files().earlier(), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            if (hasEnded()) {
                deleteInputs(); // again: this one came after the others were deleted
            }
        }
    }

    private synchronized boolean hasEnded() {
        return ended;
    }

    private boolean endWithoutBranches(RunFiles files) throws Exception {
        JournalEntry.Finished none = new JournalEntry.Finished(0, null);
        try (JournalWriter journal = new JournalWriter(files.journal())) {
            journal.append(none);
        }
        log().println(label.text() + ": nothing to do");
        if (label.junit() != null) {
            prepare(files);
            new Observer().finished(none);
            return false;
        }
        deleteInputs();
        getContext().onSuccess(results());
        return true;
    }

    @Override
    public void onResume() {
        execute(this::resume);
    }

    private void resume() throws Exception {
        RunFiles files = files();
        Throwable told = toldBefore(files);
        if (told != null) {
            endSoon(told);
        }
        RunHandle prepared = prepare(files);
        if (!Files.exists(files.journal()) && !Files.exists(files.earlier())) {
            takeEarlierResults(); // the controller may have been killed before
        }
        prepared.resume();
    }

    /** Why the step was stopped before the controller was restarted, if it was. */
    private synchronized Throwable toldBefore(RunFiles files) throws IOException {
        if (stopCause == null) {
            stopCause = keptCause == null ? StopRecord.read(files) : keptCause;
        }
        return stopCause;
    }

    private RunHandle prepare(RunFiles files) throws IOException, InterruptedException {
        progress = new RunProgress(label, total);
        log = StepLog.of(getContext());
        reporter = new ProgressReporter(progress, log);
        RunHandle made = runOf(files);
        boolean stopped;
        boolean over;
        synchronized (this) {
            run = made;
            stopped = stopCause != null;
            over = ended;
        }
        if (!over) {
            ForcedEndDetector.get().add(this, build(), this::endedByForce);
        }
        if (stopped) {
            made.cancel(STOPPED);
        }
        if (!label.isQuiet() && !over) {
            reporter.start();
        }
        return made;
    }

    private RunHandle runOf(RunFiles files) throws IOException, InterruptedException {
        if (nodes != null) {
            return new MultiNodeRun(build(), files, total, nodes, new Observer());
        }
        return location == null
                ? new ControllerRun(files, new Observer())
                : new RunPlacement(location, build(), files, total, new Observer());
    }

    @Override
    public void stop(Throwable cause) {
        synchronized (this) {
            if (stopCause != null) {
                return;
            }
            stopCause = cause;
            if (nodes != null) {
                nodes.close(); // before their blocks, which are interrupted too, can tell
            }
            keptCause = cause instanceof FlowInterruptedException interruption ? interruption : null;
        }
        getContext().saveState();
        RunThreads.ofController().execute(() -> writeDownAndCancel(cause));
        endSoon(cause);
    }

    private void writeDownAndCancel(Throwable cause) {
        try {
            StopRecord.write(files(), cause);
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.WARNING, e, () -> "can't record for a restarted controller that " + label.text() + " was stopped");
        }
        RunHandle current;
        synchronized (this) {
            current = run;
        }
        try {
            if (current != null) {
                current.cancel(STOPPED);
            }
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.FINE, e, () -> "can't cancel " + label.text()); // ends soon without the run
        }
    }

    private void endSoon(Throwable cause) {
        Timer.get().schedule(
                () -> RunThreads.ofController().execute(() -> fail(cause)), STOP_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public String getStatus() {
        return progress == null ? "starting" : progress.line();
    }

    /** Work that may block, and whose failure is the step's. */
    @FunctionalInterface
    private interface Blocking {
        void run() throws Exception;
    }

    private void execute(Blocking work) {
        execute(threads(), work);
    }

    private Executor threads() {
        return location == null ? RunThreads.ofController() : location.threads();
    }


    private void execute(Executor threads, Blocking work) {
        threads.execute(() -> {
            try {
                work.run();
            } catch (Throwable e) {
                fail(e); // an Error too: a step that does not end can't even be aborted
            }
        });
    }

    private void finish(JournalEntry.Finished last, @CheckForNull String problem) {
        ForcedEndDetector.get().remove(this);
        reporter.stop();
        Throwable stopped;
        JournalIndex index;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            stopped = stopCause;
            index = run.index();
        }
        deleteInputs();
        try {
            end(last, stopped, index, problem);
        } catch (Throwable e) {
            getContext().onFailure(e);
        }
    }

    private void end(
            JournalEntry.Finished last, @CheckForNull Throwable stopped, JournalIndex index, @CheckForNull String problem)
            throws Exception {
        StepCompletion end = new StepCompletion(getContext(), label, progress);
        BranchResults results = results();
        results.take(index);
        end.log(results::processors);
        if (problem != null && (stopped != null || last.failure() != null)) {
            log().println(problem);
        }
        if (stopped != null) {
            getContext().onFailure(stopped);
        } else if (last.failure() != null) {
            String message = label.text() + ": " + LogText.line(last.failure(), MAX_SAID);
            getContext().onFailure(BranchFailuresException.ofRun(results, message));
        } else {
            results.read(); // here, since the thread of the script has better to do
            end.complete(results, problem);
        }
    }

    /** Ends the step unless it has ended; also where the context itself is what fails. */
    private void fail(Throwable cause) {
        Throwable first;
        RunHandle left;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            first = stopCause == null ? cause : stopCause;
            left = run;
        }
        if (first != cause) {
            first.addSuppressed(cause);
        }
        ForcedEndDetector.get().remove(this);
        if (left != null) {
            reporter.stop();
        }
        deleteInputs();
        try {
            getContext().onFailure(first == cause ? inOneLine(cause) : first);
        } finally {
            if (left != null) {
                left.abandon();
            }
        }
    }

    /** The program no longer waits for the step. */
    private void endedByForce() {
        RunHandle left;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            left = run;
        }
        reporter.stop();
        left.abandon().whenComplete((nothing, thrown) -> ForcedEndDetector.record(files, total));
    }

    /** Commands and URLs may have secrets in them, and are not needed once the run is over. */
    private void deleteInputs() {
        try {
            files().deleteInputs();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "can't remove the inputs of run " + runId);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What a machine, a disk or an image did is one line in the build's log; defects keep their stack traces. */
    private Throwable inOneLine(Throwable cause) {
        if (!(cause instanceof IOException) || cause instanceof AbortException) {
            return cause;
        }
        // Not as its cause: what comes from an agent can't be saved with the build, and then Pipeline prints all traces.
        LOGGER.log(Level.FINE, cause, () -> label.text() + " failed");
        return new AbortException(label.text() + ": " + LogText.line(FailureText.of(cause), MAX_SAID));
    }

    private Run<?, ?> build() throws IOException, InterruptedException {
        return getContext().get(Run.class);
    }

    private RunFiles files() throws IOException, InterruptedException {
        if (files == null) {
            files = RunDirectories.of(build(), runId);
        }
        return files;
    }

    private BranchResults results() throws IOException, InterruptedException {
        return new BranchResults(build(), runId, label.text());
    }

    private java.io.PrintStream log() throws IOException, InterruptedException {
        return StepLog.of(getContext()).getLogger();
    }

    /** Receives events of the run. */
    private final class Observer implements NodesObserver {

        @Override
        public void branchEnded(Outcome outcome) {
            progress.add(outcome);
        }

        @Override
        public void fetched(int count) {
            progress.fetched(count);
        }

        @Override
        public void finished(JournalEntry.Finished last) {
            if (label.junit() == null) {
                told(last, null);
            } else {
                JunitFile.write(getContext(), label, files, progress, RunStepExecution.this::hasEnded, problem -> told(last, problem));
            }
        }

        private void told(JournalEntry.Finished last, @CheckForNull String problem) {
            execute(RunThreads.ofController(), () -> finish(last, problem));
        }

        @Override
        public EnvVars environment() throws IOException, InterruptedException {
            return environment(getContext(), location != null);
        }

        @Override
        public EnvVars environment(StepContext node) throws IOException, InterruptedException {
            return environment(node, true);
        }

        private EnvVars environment(StepContext place, boolean onAgent) throws IOException, InterruptedException {
            EnvVars environment = place.get(EnvVars.class);
            return FetchSecrets.addedTo(environment, files().readSpec().work(), build(), onAgent);
        }

        @Override
        public FilePath directory() throws IOException, InterruptedException {
            return getContext().get(FilePath.class);
        }

        @Override
        public void tell(String message) {
            if (!label.isQuiet()) {
                warn(message);
            }
        }

        @Override
        public Launcher launcher() throws IOException, InterruptedException {
            return getContext().get(Launcher.class);
        }

        @Override
        public void said(String lines) {
            StringBuilder text = new StringBuilder();
            lines.lines().forEach(line -> text.append(LogText.coloured(line, MAX_SAID)).append('\n'));
            log.getLogger().print(text); // in one call, so that no other text gets in between
        }

        @Override
        public TaskListener listener() {
            return log;
        }

        @Override
        public void warn(String message) {
            try {
                log().println(label.text() + ": " + LogText.line(message, MAX_SAID));
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "can't write to the log: " + message);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
