package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
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
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalWriter;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.run.ListFile;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.nodes.MultiNodeRun;
import io.jenkins.plugins.concurrency.nodes.NodeBlocks;
import io.jenkins.plugins.concurrency.nodes.NodesRequest;
import io.jenkins.plugins.concurrency.steps.log.StepLabel;
import io.jenkins.plugins.concurrency.steps.secret.ContextSecrets;
import io.jenkins.plugins.concurrency.steps.secret.FetchSecrets;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * A step whose work is a run, as Pipeline calls it: writes the run's files into the build directory, and starts, resumes
 * and stops the run. The CPS thread only writes local files. Everything that talks to an agent happens on other threads.
 */
final class RunStepExecution extends StepExecution {

    private static final long serialVersionUID = 1;

    // What a restarted controller needs to continue the run.
    private final StepLabel label;
    private final String runId = UUID.randomUUID().toString();
    private final int total;

    /** {@code null} if the run works where the step is called. */
    @CheckForNull
    private final NodeBlocks nodes;

    /** The build whose results are reused; {@code null} for none. */
    @CheckForNull
    private final EarlierBuild earlier;

    /** Where the run works; {@code null} for the controller. Set by start(). */
    private RunLocation location;

    /** Why the step was stopped. Only set for a kind of cause that can surely be stored in the program state. */
    private volatile FlowInterruptedException keptCause;

    /** What to do. Only needed until start() has written it to files. */
    private transient RunPlan plan;

    /** Guarded by this. */
    private transient StepTermination termination;

    /** Set by start() or after onResume(). */
    private transient volatile StepObserver observer;

    /**
     * @param nodes get the nodes, if the plan asks for nodes; otherwise {@code null}
     * @param earlier the build whose results are reused; {@code null} for none
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

    /** Made when it is needed, because a step may be stopped as soon as it has been loaded. */
    private synchronized StepTermination termination() {
        if (termination == null) {
            termination = new StepTermination(this, label, runId, total);
        }
        return termination;
    }

    @Override
    public boolean start() throws Exception {
        try {
            return start(termination().files());
        } catch (Exception | Error e) {
            termination().deleteInputs();
            throw e;
        }
    }

    private boolean start(RunFiles files) throws Exception {
        plan.write(files, runId);
        FilePath workspace = plan.nodes() == null ? getContext().get(FilePath.class) : null;
        if (workspace != null) {
            location = RunLocation.of(getContext().get(Computer.class), workspace, runId);
        }
        String withheld = location == null && plan.nodes() == null ? null : FetchSecrets.withheld(plan.work());
        RunPlan planned = plan;
        plan = null;
        if (total == 0) {
            return endWithoutBranches(files);
        }
        if (withheld != null) {
            log().println(label.text() + ": " + withheld);
        }
        if (location != null) {
            RunPlacement.decide(files, planned.work(), getContext().get(Launcher.class));
        }
        RunHandle prepared = prepare(files);
        boolean looksElsewhere = location == null && label.junit() != null;
        Executor threads = looksElsewhere ? StepDirectory.threads(getContext()) : threads();
        // The run begins only after Pipeline has saved that the step exists. Otherwise, if the controller were killed,
        // the run would begin a second time.
        getContext().saveState().addListener(
                () -> termination().attempt(threads, () -> begin(prepared, files, planned)), Runnable::run);
        return false;
    }

    private void begin(RunHandle prepared, RunFiles files, RunPlan planned) throws Exception {
        planned.addTimes(files, getContext().get(Run.class));
        deleteInputsAfterEnd();
        if (nodes != null && !Files.exists(files.branches())) {
            listBranches(files, () -> beginListed(prepared, files));
        } else {
            beginListed(prepared, files);
        }
    }

    private void beginListed(RunHandle prepared, RunFiles files) throws Exception {
        if (label.junit() != null) {
            JunitFile.check(getContext(), label.junit());
        }
        takeEarlierResults(files);
        prepared.start();
    }

    /**
     * Reads the file with the inputs here, because it is to be divided among the nodes. Waits for the agent of the step's
     * workspace. Outside {@code node} the file is in the stash.
     *
     * @param next what to do when the branches are known
     */
    private void listBranches(RunFiles files, StepTermination.Blocking next) throws Exception {
        NodesRequest request = NodesRequest.read(files);
        Run<?, ?> build = getContext().get(Run.class);
        if (!request.inDirectory()) {
            readList(files, file -> StashedFile.open(build, request.stash(), file, termination()::hasEnded));
            termination().attempt(Runnable::run, next);
            return;
        }
        StepDirectory.use(
                getContext(),
                termination()::hasEnded,
                workspace -> readList(files, file -> open(workspace.child(file))),
                problem -> {
                    if (problem == null) {
                        termination().attempt(Runnable::run, next);
                    } else {
                        termination().fail(problem);
                    }
                });
    }

    private void readList(RunFiles files, ListFile.Opener opener) throws IOException, InterruptedException {
        SecretMask mask = ContextSecrets.of(getContext()).mask();
        try {
            ListFile.convert(files, files.readSpec().work(), mask, opener);
        } finally {
            deleteInputsAfterEnd();
        }
    }

    private static InputStream open(FilePath list) throws IOException {
        try {
            if (!list.exists()) { // otherwise, on an agent, a missing file is noticed only while it is read
                throw new FileNotFoundException(list.getName());
            }
            return list.read();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** A file that was written after the end of the step is not deleted by its end. */
    private void deleteInputsAfterEnd() {
        if (termination().hasEnded()) {
            termination().deleteInputs();
        }
    }

    private void takeEarlierResults(RunFiles files) throws IOException, InterruptedException {
        if (earlier != null) {
            try {
                earlier.copyJournal(getContext().get(Run.class), label, log(), files);
            } finally {
                deleteInputsAfterEnd();
            }
        }
    }

    private boolean endWithoutBranches(RunFiles files) throws Exception {
        JournalEntry.Finished none = new JournalEntry.Finished(0, null);
        try (JournalWriter journal = new JournalWriter(files.journal())) {
            journal.append(none);
        }
        log().println(label.text() + ": nothing to do");
        if (label.junit() != null) {
            prepare(files);
            observer.finished(none);
            return false;
        }
        termination().deleteInputs();
        getContext().onSuccess(termination().results());
        return true;
    }

    @Override
    public void onResume() {
        termination().attempt(threads(), this::resume);
    }

    private void resume() throws Exception {
        RunFiles files = termination().files();
        Throwable toldBefore = keptCause == null ? StopRecord.read(files) : keptCause;
        if (toldBefore != null) {
            termination().stop(toldBefore);
        }
        RunHandle prepared = prepare(files);
        if (nodes != null && !Files.exists(files.journal()) && !Files.exists(files.branches())) {
            listBranches(files, () -> resumeListed(prepared, files));
        } else {
            resumeListed(prepared, files);
        }
    }

    private void resumeListed(RunHandle prepared, RunFiles files) throws Exception {
        if (!Files.exists(files.journal()) && !Files.exists(files.earlier())) {
            takeEarlierResults(files); // the controller may have been killed before it was done
        }
        prepared.resume();
    }

    private RunHandle prepare(RunFiles files) throws IOException, InterruptedException {
        TaskListener log = StepLog.of(getContext());
        observer = new StepObserver(getContext(), label, files, log, location != null, termination());
        RunHandle prepared = runOf(files, getContext().get(Run.class));
        termination().add(prepared, log);
        return prepared;
    }

    private RunHandle runOf(RunFiles files, Run<?, ?> build) {
        if (nodes != null) {
            return new MultiNodeRun(build, files, total, nodes, observer);
        }
        return location == null
                ? new ControllerRun(files, observer)
                : new RunPlacement(location, build, files, total, observer);
    }

    @Override
    public void stop(Throwable cause) {
        if (!termination().stop(cause)) {
            return;
        }
        if (nodes != null) {
            nodes.close(); // first, because the node blocks are interrupted too and would report that
        }
        keptCause = cause instanceof FlowInterruptedException interruption ? interruption : null;
        getContext().saveState();
        RunThreads.ofController().execute(() -> termination().cancel(cause));
    }

    @Override
    public String getStatus() {
        return observer == null ? "starting" : termination().progress().line();
    }

    private Executor threads() {
        return location == null ? RunThreads.ofController() : location.threads();
    }

    private PrintStream log() throws IOException, InterruptedException {
        return StepLog.of(getContext()).getLogger();
    }
}
