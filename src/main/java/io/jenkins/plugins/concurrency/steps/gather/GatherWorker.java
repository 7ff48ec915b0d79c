package io.jenkins.plugins.concurrency.steps.gather;

import com.cloudbees.groovy.cps.Next;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Result;
import io.jenkins.plugins.concurrency.nodes.GreenThread;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.cps.DSL;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * A green thread of a {@code gather} that runs one branch after the other. Each is the only branch of its own
 * {@code parallel} step, so graph views show it as a branch. A branch that waits has no thread and is not in the graph.
 */
final class GatherWorker extends GreenThread {

    private static final long serialVersionUID = 1;

    private final Dispatcher gather;

    /**
     * Gives branches to workers, and handles their results. Works on the CPS thread. Part of a Pipeline's program
     * state.
     */
    interface Dispatcher extends Serializable {

        GatherSettings policy();

        /** Used to call steps. */
        DSL steps() throws IOException, InterruptedException;

        /** Takes the next branch; {@code null} if none may start now. */
        @CheckForNull
        GatherBranch take();

        /** Takes back a branch, because its next attempt may not start yet. */
        void putBack(GatherBranch branch);

        /** Whether branches wait for other branches. Then a worker without a branch must wait, and is woken later. */
        boolean areSomeBlocked();

        /** Reports that a branch waits for its next attempt. */
        void pauses(GatherBranch branch, Duration pause) throws IOException, InterruptedException;

        void succeeded(GatherBranch branch, GatherValue returned) throws IOException, InterruptedException;

        void failed(GatherBranch branch, Throwable thrown) throws IOException, InterruptedException;

        /** Starts no more branches. The step fails when the running ones have ended. */
        void failStep(Throwable cause);
    }

    /** The worker's branch; {@code null} for none. */
    private GatherBranch branch;

    /** Whether the worker waits for a branch, or for its branch's next attempt. */
    private volatile boolean pausing;

    /** When the attempt or the pause must end, in milliseconds since the epoch; 0 for never. */
    private long deadlineMillis;

    /** Ends the attempt or the pause at that time. Set again after a restart. */
    private transient Future<?> alarm;

    /** The pause that was told to end. After a restart it is told again. */
    private transient StepExecution woken;

    GatherWorker(Dispatcher gather) {
        this.gather = gather;
    }

    /** Takes the next branch, and starts it or waits. */
    @Override
    protected Next round() {
        branch = gather.take();
        if (branch != null && branch.dueMillis() <= System.currentTimeMillis()) {
            return attempt();
        }
        return branch != null || gather.areSomeBlocked() ? pause() : exit();
    }

    private Next pause() {
        pausing = true;
        deadlineMillis = branch == null ? 0 : branch.dueMillis();
        try {
            if (branch != null) {
                gather.pauses(branch, Duration.ofMillis(deadlineMillis - System.currentTimeMillis()));
            }
        } catch (IOException | InterruptedException e) {
            gather.failStep(e);
        }
        return call(GatherPauseStep.FUNCTION, Map.of(GatherPauseStep.WORKER, this));
    }

    private Next attempt() {
        long now = System.currentTimeMillis();
        branch.attemptStarts(now);
        Duration limit = gather.policy().timeout();
        deadlineMillis = limit.isZero() ? 0 : now + limit.toMillis();
        return call("parallel", Map.of(branch.name(), branch.work()));
    }

    @Override
    protected DSL steps() throws IOException, InterruptedException {
        return gather.steps();
    }

    @Override
    protected Next resumed(boolean failed, Object result) {
        over();
        if (alarm != null) {
            alarm.cancel(false);
        }
        boolean paused = pausing;
        pausing = false;
        try {
            if (branch != null && failed) {
                gather.failed(branch, (Throwable) result);
            } else if (branch != null && !paused) {
                gather.succeeded(branch, (GatherValue) ((Map<?, ?>) result).get(branch.name()));
            } else if (branch != null) {
                gather.putBack(branch);
            }
        } catch (Exception e) {
            gather.failStep(e);
        }
        branch = null;
        return nextRound();
    }

    boolean hasBranch() {
        return branch != null;
    }

    /** Ends the worker's pause, if there is one. Called by any thread. */
    synchronized boolean wake() {
        StepExecution pause = pausing ? step() : null;
        if (pause == null || pause == woken) {
            return false;
        }
        woken = pause;
        pause.getContext().onSuccess(null);
        return true;
    }

    /** Interrupts the step that the worker waits for. */
    void interrupt(Throwable cause) {
        stop(step(), cause);
    }

    /** Continues after a restart. */
    void resume() {
        waits();
        if (branch == null) {
            wake(); // an earlier wake-up may be lost
        }
    }

    /** Sets the alarm, also for an attempt or a pause that began before a restart. Called by any thread. */
    @Override
    protected void waits() {
        StepExecution current = step();
        if (deadlineMillis > 0 && current != null) {
            long left = Math.max(0, deadlineMillis - System.currentTimeMillis());
            alarm = Timer.get().schedule(() -> end(current), left, TimeUnit.MILLISECONDS);
        }
    }

    private void end(StepExecution current) {
        if (pausing) {
            wake();
        } else {
            stop(current, new FlowInterruptedException(Result.ABORTED, true, new TimeoutCause(gather.policy().timeout())));
        }
    }
}
