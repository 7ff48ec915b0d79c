package io.jenkins.plugins.concurrency.steps.gather;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import groovy.lang.Closure;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.run.RunDescription;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.schedule.BranchNeeds;
import io.jenkins.plugins.concurrency.engine.schedule.DurationText;
import io.jenkins.plugins.concurrency.engine.schedule.FailFast;
import io.jenkins.plugins.concurrency.nodes.BodiesExecution;
import io.jenkins.plugins.concurrency.nodes.StepCall;
import io.jenkins.plugins.concurrency.steps.ForcedEndDetector;
import io.jenkins.plugins.concurrency.steps.JunitFile;
import io.jenkins.plugins.concurrency.steps.StepCompletion;
import io.jenkins.plugins.concurrency.steps.StepLog;
import io.jenkins.plugins.concurrency.steps.log.LogText;
import io.jenkins.plugins.concurrency.steps.log.RunProgress;
import io.jenkins.plugins.concurrency.steps.log.StepLabel;
import io.jenkins.plugins.concurrency.steps.result.BranchResults;
import io.jenkins.plugins.concurrency.steps.secret.ContextSecrets;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.cps.CpsThread;
import org.jenkinsci.plugins.workflow.cps.DSL;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Runs a limited number of closures at once, on {@link GatherWorker}s, and collects how they end. Everything happens on
 * the CPS thread, which writes only the journal's line for each branch.
 */
final class GatherExecution extends BodiesExecution implements GatherWorker.Dispatcher {

    private static final long serialVersionUID = 1;

    private static final Logger LOGGER = Logger.getLogger(GatherExecution.class.getName());

    private static final int NOTHING_BODY = 0;

    private final StepLabel label;
    private final String runId = UUID.randomUUID().toString();
    private final GatherSettings policy;
    private final UnfinishedBranches queue;
    private final int concurrency;

    /** What branches wait for. */
    @SuppressFBWarnings(value = "SE_TRANSIENT_FIELD_NOT_RESTORED", justification = "start() has written it down")
    private final transient List<BranchNeeds> needs;

    private final List<GatherWorker> workers = new ArrayList<>();
    private int liveWorkers;

    /** What called the step, and waits for it. */
    private CpsThread caller;

    /** Values that no journal can hold, by the branches' indexes. */
    private final Map<Integer, Object> values = new TreeMap<>();

    /** Why no more branches start; {@code null} while they do. */
    private String cancelReason;

    /** With what the step ends, whatever its branches do; the first one wins. */
    private Throwable failure;

    /** Opened when first needed, and again after a restart. Guarded by this. */
    private transient GatherJournal journal;

    private transient DSL steps;

    /** Hides the secrets around the step in what is written down. */
    private transient SecretMask mask;

    /** Whether the step's end has been told to its context. Guarded by this. */
    @SuppressFBWarnings(value = "SE_TRANSIENT_FIELD_NOT_RESTORED", justification = "a step that is resumed has not ended")
    private transient boolean ended;

    /** Whether we know that the step was ended for its program. */
    private transient volatile boolean endedByForce;

    /**
     * @param label without secrets
     * @param concurrency how many branches at once; 0 for all
     * @param needs as {@code queue} has them
     */
    GatherExecution(
            StepContext context,
            StepLabel label,
            GatherSettings policy,
            UnfinishedBranches queue,
            int concurrency,
            List<BranchNeeds> needs) {
        super(context);
        this.label = label;
        this.policy = policy;
        this.queue = queue;
        this.concurrency = concurrency;
        this.needs = needs;
    }

    @Override
    public boolean start() throws Exception {
        caller = CpsThread.current();
        int total = queue.total();
        liveWorkers = concurrency == 0 ? total : Math.min(concurrency, total);
        writeDescription();
        if (total == 0) {
            log().println(label.text() + ": nothing to do");
            finish();
            return label.junit() == null;
        }
        journal();
        // The first body takes the place of the step itself in the graph, and ends at once. So an interruption from
        // outside always stops the step, and never a single branch.
        startBody(NOTHING_BODY, new Nothing());
        for (int i = 0; i < liveWorkers; i++) {
            GatherWorker worker = new GatherWorker(this);
            workers.add(worker);
            startBody(1 + i, worker.closure());
        }
        return false;
    }

    private void writeDescription() throws IOException, InterruptedException {
        RunFiles files = files();
        Files.createDirectories(files.directory());
        files.writeDescription(new RunDescription(
                label.function(), label.text(), queue.total(), liveWorkers, System.currentTimeMillis(), needs));
    }

    @Override
    public void onResume() {
        try {
            if (liveWorkers == 0) {
                RunProgress progress = new RunProgress(label, queue.total());
                JournalIndex.read(files().journal()).forEach(progress::add);
                writeJunit(progress);
                return;
            }
            journal();
            workers.forEach(GatherWorker::resume);
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.WARNING, e, () -> "can't report on " + label.text());
        }
    }

    /** Branches under way are interrupted together with this, because they are in the same block. */
    @Override
    public void stop(Throwable cause) {
        failStep(cause);
        if (liveWorkers == 0 && endsNow()) { // only a file is still to be written
            getContext().onFailure(cause);
        }
    }

    @Override
    public void failStep(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
        if (cancelReason == null) {
            startNoMore(cause instanceof FlowInterruptedException ? "the build was stopped" : "the step failed");
        }
    }

    private void startNoMore(String why) {
        cancelReason = why;
        queue.stop();
        workers.forEach(GatherWorker::wake);
    }

    @Override
    public String getStatus() {
        if (liveWorkers == 0) {
            return label.text() + ": writing " + label.junit();
        }
        try {
            return journal().progress().line();
        } catch (IOException | InterruptedException e) {
            return label.text();
        }
    }

    @Override
    public GatherSettings policy() {
        return policy;
    }

    @Override
    public DSL steps() throws IOException, InterruptedException {
        if (steps == null) {
            steps = StepCall.steps(getContext());
        }
        return steps;
    }

    @Override
    @CheckForNull
    public GatherBranch take() {
        GatherBranch next = cancelReason != null || isEndedByForce() ? null : queue.take(System.currentTimeMillis());
        if (queue.isForIdleWorkers()) {
            wakeAnother();
        }
        return next;
    }

    /** One that has nothing to do, or else one that only waits for its next attempt. */
    private void wakeAnother() {
        for (boolean withBranch : new boolean[] {false, true}) {
            for (GatherWorker worker : workers) {
                if (worker.hasBranch() == withBranch && worker.wake()) {
                    return;
                }
            }
        }
    }

    @Override
    public boolean areSomeBlocked() {
        return cancelReason == null && queue.areSomeBlocked();
    }

    @Override
    public void putBack(GatherBranch branch) {
        queue.postpone(branch, branch.dueMillis());
    }

    @Override
    public void pauses(GatherBranch branch, Duration pause) throws IOException, InterruptedException {
        log().println(label.text() + ": " + LogText.line(branch.name()) + ": next attempt in " + DurationText.text(pause));
    }

    @Override
    public void succeeded(GatherBranch branch, GatherValue returned) throws IOException, InterruptedException {
        GatherValue value = returned.masked(mask());
        if (value.object() != null) {
            values.put(branch.index(), value.object());
        }
        end(branch, OutcomeStatus.SUCCEEDED, null, Collections.singletonMap(OutcomeDetail.VALUE, value.json()));
    }

    @Override
    public void failed(GatherBranch branch, Throwable thrown) throws IOException, InterruptedException {
        GatherFailure failed = new GatherFailure(thrown);
        boolean interrupts = cancelReason != null && (failure != null || !policy.failFast().soon());
        if (interrupts && failed.isInterruption()) {
            cancel(branch);
        } else if (cancelReason == null && failed.mayBeRepeated() && policy.allowsAnother(branch.attempts())) {
            long pause = policy.pause(branch.attempts()).toMillis();
            queue.postpone(branch, System.currentTimeMillis() + pause);
        } else {
            failed.logDefect(log(), label.text() + ": " + LogText.line(branch.name()) + " failed:");
            BranchError error = failed.error();
            end(branch, OutcomeStatus.FAILED, new BranchError(error.type(), mask().text(error.message())), Map.of());
        }
    }

    private void failFast(FailFast limit, String last) {
        startNoMore(limit.reason(last));
        if (limit.soon()) {
            return;
        }
        FailFastCause cause = new FailFastCause(cancelReason);
        FlowInterruptedException interruption = new FlowInterruptedException(Result.ABORTED, true, cause);
        workers.forEach(worker -> worker.interrupt(interruption));
    }

    private void cancel(GatherBranch branch) throws IOException, InterruptedException {
        end(branch, OutcomeStatus.CANCELLED, new BranchError(ErrorType.CANCELLED, cancelReason), Map.of());
    }

    private void end(GatherBranch branch, OutcomeStatus status, @CheckForNull BranchError error, Map<String, Object> details)
            throws IOException, InterruptedException {
        if (isEndedByForce()) {
            return; // the journal says that of the whole
        }
        long now = System.currentTimeMillis();
        long start = branch.attempts() == 0 ? now : branch.startMillis();
        OutcomeStatus known = journal().add(new Outcome(
                branch.index(), branch.name(), status, error, branch.attempts(), start, now - start, details));
        for (Outcome skipped : queue.ended(branch, known)) {
            journal().add(skipped);
        }
        FailFast limit = policy.failFast();
        if (limit.failures() > 0 && journal().progress().failed() >= limit.failures() && cancelReason == null) {
            failFast(limit, branch.name());
        }
    }

    @Override
    protected void bodyEnded(int number, Object result, Throwable thrown) {
        if (number == NOTHING_BODY) {
            return;
        }
        if (thrown != null) {
            failStep(thrown); // it was interrupted before it could take a branch
        }
        liveWorkers--;
        if (liveWorkers == 0) {
            try {
                finish();
            } catch (Exception e) {
                getContext().onFailure(failure == null ? e : failure);
            }
        }
    }

    private void finish() throws IOException, InterruptedException {
        if (isEndedByForce()) {
            return;
        }
        for (GatherBranch branch : queue.takeAll()) {
            cancel(branch);
        }
        journal().finish(queue.total());
        RunProgress progress = journal().progress();
        if (label.junit() == null) {
            complete(progress, null);
        } else {
            getContext().saveState(); // a restarted controller goes on here
            writeJunit(progress);
        }
    }

    /** Ends the step when the file is there, or can't be. */
    private void writeJunit(RunProgress progress) throws IOException, InterruptedException {
        JunitFile.write(getContext(), label, files(), progress, this::hasEnded, problem -> {
            try {
                complete(progress, problem);
            } catch (Exception e) {
                getContext().onFailure(e);
            }
        });
    }

    private void complete(RunProgress progress, @CheckForNull String problem) throws IOException, InterruptedException {
        if (!endsNow()) {
            return;
        }
        StepCompletion end = new StepCompletion(getContext(), label, progress);
        end.log(() -> 0);
        if (failure == null) {
            end.complete(results(), problem);
        } else {
            end.fail(failure, problem);
        }
    }

    /** Whether nobody has ended the step yet; the caller does. */
    private boolean endsNow() {
        ForcedEndDetector.get().remove(this);
        synchronized (this) {
            boolean first = !ended;
            ended = true;
            return first;
        }
    }

    private synchronized boolean hasEnded() {
        return ended || endedByForce;
    }

    /** Used by the CPS thread alone. */
    private SecretMask mask() throws IOException, InterruptedException {
        if (mask == null) {
            mask = ContextSecrets.of(getContext()).mask();
        }
        return mask;
    }

    private synchronized GatherJournal journal() throws IOException, InterruptedException {
        if (journal == null) {
            TaskListener listener = StepLog.of(getContext());
            RunFiles files = files();
            journal = new GatherJournal(files, runId, label, queue.total(), listener);
            ForcedEndDetector.get().add(this, build(), () -> endedByForce(files));
        }
        return journal;
    }

    /** Branches that are terminated with the step end before we are notified. */
    private boolean isEndedByForce() {
        return endedByForce || caller.getStep() != this;
    }

    /** The program no longer waits for the step. From any thread. */
    private void endedByForce(RunFiles files) {
        endedByForce = true;
        FlowInterruptedException end = new FlowInterruptedException(Result.ABORTED);
        workers.forEach(worker -> worker.interrupt(end));
        synchronized (this) {
            try {
                journal.close();
            } catch (IOException e) {
                LOGGER.log(Level.FINE, e, () -> "can't close " + files);
            }
        }
        ForcedEndDetector.record(files, queue.total());
    }

    private BranchResults results() throws IOException, InterruptedException {
        return new BranchResults(build(), runId, label.text(), values);
    }

    private RunFiles files() throws IOException, InterruptedException {
        return RunFiles.in(build().getRootDir().toPath(), runId);
    }

    private Run<?, ?> build() throws IOException, InterruptedException {
        return getContext().get(Run.class);
    }

    private PrintStream log() throws IOException, InterruptedException {
        return StepLog.of(getContext()).getLogger();
    }

    /** A body that ends at once. */
    private static final class Nothing extends Closure<Object> {
        private static final long serialVersionUID = 1;

        Nothing() {
            super(null);
        }

        @Override
        public Object call() {
            return null;
        }
    }
}
