package io.jenkins.plugins.concurrency.steps.gather;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.schedule.BranchNeeds;
import io.jenkins.plugins.concurrency.engine.schedule.DurationText;
import io.jenkins.plugins.concurrency.engine.schedule.FailFast;
import io.jenkins.plugins.concurrency.nodes.BodiesExecution;
import io.jenkins.plugins.concurrency.nodes.StepCall;
import io.jenkins.plugins.concurrency.steps.ForcedEndDetector;
import io.jenkins.plugins.concurrency.steps.JunitFile;
import io.jenkins.plugins.concurrency.steps.log.LogText;
import io.jenkins.plugins.concurrency.steps.log.RunProgress;
import io.jenkins.plugins.concurrency.steps.log.StepLabel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    private final GatherRecords records;
    private final GatherSettings policy;
    private final UnfinishedBranches queue;
    private final int concurrency;

    /** The branches that each branch waits for. */
    @SuppressFBWarnings(value = "SE_TRANSIENT_FIELD_NOT_RESTORED", justification = "start() has written it down")
    private final transient List<BranchNeeds> needs;

    private final List<GatherWorker> workers = new ArrayList<>();
    private int liveWorkers;

    /** The thread that called the step and waits for it. */
    private CpsThread caller;

    /** Why no more branches start; {@code null} while they may start. */
    private String cancelReason;

    /** The step ends with this, whatever its branches do. The first one counts. */
    private Throwable failure;

    private transient DSL steps;

    /** Whether the step's end was reported to its context. Guarded by this. */
    @SuppressFBWarnings(value = "SE_TRANSIENT_FIELD_NOT_RESTORED", justification = "a step that is resumed has not ended")
    private transient boolean ended;

    /** Whether it is known that the step was ended by force. */
    private transient volatile boolean endedByForce;

    /**
     * @param label without secrets
     * @param concurrency how many branches at once; 0 for all
     * @param needs the same as in {@code queue}
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
        this.records = new GatherRecords(context, label, queue.total());
        this.policy = policy;
        this.queue = queue;
        this.concurrency = concurrency;
        this.needs = needs;
    }

    @Override
    public boolean start() throws Exception {
        caller = CpsThread.current();
        int most = queue.mostAtOnce();
        liveWorkers = concurrency == 0 ? most : Math.min(concurrency, most);
        records.describe(liveWorkers, needs);
        if (most == 0) {
            records.log().println(label.text() + ": nothing to do");
            finish();
            return label.junit() == null;
        }
        journal();
        // In the graph, the first body has the place of the step itself, and it ends at once. So an interruption from
        // outside always stops the step, and never a single branch.
        startBody(NOTHING_BODY, GatherClosure.nothing());
        for (int i = 0; i < liveWorkers; i++) {
            GatherWorker worker = new GatherWorker(this);
            workers.add(worker);
            startBody(1 + i, worker.closure());
        }
        return false;
    }

    @Override
    public void onResume() {
        try {
            if (liveWorkers == 0) {
                writeJunit(records.readProgress());
                return;
            }
            journal();
            workers.forEach(GatherWorker::resume);
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.WARNING, e, () -> "can't report on " + label.text());
        }
    }

    /** Running branches are interrupted at the same time, because they are in the same block. */
    @Override
    public void stop(Throwable cause) {
        failStep(cause);
        if (liveWorkers == 0 && endsNow()) { // only the test results are not written yet
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
        return liveWorkers == 0 ? label.text() + ": writing " + label.junit() : records.status();
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

    /** Wakes a worker that has nothing to do. If there is none, wakes one in a pause, but only for a branch that may start. */
    private void wakeAnother() {
        for (boolean withBranch : new boolean[] {false, true}) {
            for (GatherWorker worker : workers) {
                if (worker.hasBranch() == withBranch && (!withBranch || queue.mayStart()) && worker.wake()) {
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
        records.log().println(label.text() + ": " + LogText.line(branch.name()) + ": next attempt in " + DurationText.text(pause));
    }

    @Override
    public void succeeded(GatherBranch branch, GatherValue returned) throws IOException, InterruptedException {
        end(branch, OutcomeStatus.SUCCEEDED, null, records.value(branch, returned));
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
            failed.logDefect(records.log(), label.text() + ": " + LogText.line(branch.name()) + " failed:");
            BranchError error = failed.error();
            end(branch, OutcomeStatus.FAILED, new BranchError(error.type(), records.mask().text(error.message())), Map.of());
        }
    }

    private void failFast(FailFast limit, String last) {
        startNoMore(limit.reason(last));
        if (!limit.soon()) {
            FailFastCause cause = new FailFastCause(cancelReason);
            FlowInterruptedException interruption = new FlowInterruptedException(Result.ABORTED, true, cause);
            workers.forEach(worker -> worker.interrupt(interruption));
        }
    }

    private void cancel(GatherBranch branch) throws IOException, InterruptedException {
        end(branch, OutcomeStatus.CANCELLED, new BranchError(ErrorType.CANCELLED, cancelReason), Map.of());
    }

    private void end(GatherBranch branch, OutcomeStatus status, @CheckForNull BranchError error, Map<String, Object> details)
            throws IOException, InterruptedException {
        if (isEndedByForce()) {
            return; // the journal gets one entry for the whole step
        }
        OutcomeStatus known = journal().add(branch.outcome(status, error, details));
        for (Outcome skipped : queue.ended(branch, known)) {
            journal().add(skipped);
        }
        String limiting = journal().limiting();
        if (limiting != null && cancelReason == null) {
            failFast(policy.failFast(), limiting);
        }
    }

    @Override
    protected void bodyEnded(int number, Object result, Throwable thrown) {
        if (number == NOTHING_BODY) {
            return;
        }
        if (thrown != null) {
            failStep(thrown); // the worker was interrupted before it could take a branch
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
            getContext().saveState(); // a restarted controller continues from here
            writeJunit(progress);
        }
    }

    /** Writes the test results, and ends the step after that, also if they can't be written. */
    private void writeJunit(RunProgress progress) throws IOException, InterruptedException {
        JunitFile.write(getContext(), label, records.files(), progress, this::hasEnded, problem -> {
            try {
                complete(progress, problem);
            } catch (Exception e) {
                getContext().onFailure(e);
            }
        });
    }

    private void complete(RunProgress progress, @CheckForNull String problem) throws IOException, InterruptedException {
        if (endsNow()) {
            records.complete(progress, failure, problem);
        }
    }

    /** Returns true only once, to the caller that may end the step. */
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

    /** Opened when it is needed, and again after a restart. */
    private GatherJournal journal() throws IOException, InterruptedException {
        if (records.open(policy.failFast().failures())) {
            ForcedEndDetector.get().add(this, getContext().get(Run.class), this::endedByForce);
        }
        return records.journal();
    }

    /**
     * Whether the step was ended by force. If its branches are terminated with it, they end before
     * {@link #endedByForce()} is called.
     */
    private boolean isEndedByForce() {
        return endedByForce || caller.getStep() != this;
    }

    /** Called by any thread when the program no longer waits for the step. */
    private void endedByForce() {
        endedByForce = true;
        workers.forEach(worker -> worker.interrupt(new FlowInterruptedException(Result.ABORTED)));
        records.endByForce();
    }
}
