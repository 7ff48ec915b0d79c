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

    /** Gives branches to workers, and decides what comes of them. On the CPS thread; part of a Pipeline's program state. */
    interface Dispatcher extends Serializable {

        GatherSettings policy();

        /** Calls steps. */
        DSL steps() throws IOException, InterruptedException;

        /** The next branch, or {@code null} if there is none. */
        @CheckForNull
        GatherBranch take();

        void succeeded(GatherBranch branch, GatherValue returned) throws IOException, InterruptedException;

        void failed(GatherBranch branch, Throwable thrown) throws IOException, InterruptedException;

        /** Starts no more branches and ends as failed once those under way have ended. */
        void failStep(Throwable cause);
    }

    /** The branch that the thread has taken. */
    private GatherBranch branch;

    /** Whether the branch waits for its next attempt. */
    private boolean pausing;

    /** When the attempt has to be over, milliseconds since the epoch; 0 for never. */
    private long deadlineMillis;

    /** Stops the attempt at its deadline; started anew after a restart. */
    private transient Future<?> alarm;

    GatherWorker(Dispatcher gather) {
        this.gather = gather;
    }

    /** Takes the next branch. */
    @Override
    protected Next round() {
        branch = gather.take();
        if (branch == null) {
            return exit();
        }
        return branch.dueMillis() > System.currentTimeMillis() ? pause() : attempt();
    }

    private Next pause() {
        pausing = true;
        deadlineMillis = 0;
        long millis = Math.max(1, branch.dueMillis() - System.currentTimeMillis());
        return call("sleep", Map.of("time", (int) Math.min(Integer.MAX_VALUE, millis), "unit", "MILLISECONDS"));
    }

    private Next attempt() {
        pausing = false;
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
        try {
            if (failed) {
                gather.failed(branch, (Throwable) result);
            } else if (pausing) {
                return attempt();
            } else {
                gather.succeeded(branch, (GatherValue) ((Map<?, ?>) result).get(branch.name()));
            }
        } catch (Exception e) {
            gather.failStep(e);
        }
        branch = null;
        return nextRound();
    }

    /** Stops what the thread waits for. */
    void interrupt(Throwable cause) {
        stop(step(), cause);
    }

    /** Sets the alarm for an attempt, also for one that was under way when the controller ended. From any thread. */
    @Override
    protected void waits() {
        StepExecution attempt = step();
        if (deadlineMillis > 0 && attempt != null) {
            Duration limit = gather.policy().timeout();
            long left = Math.max(0, deadlineMillis - System.currentTimeMillis());
            alarm = Timer.get()
                    .schedule(
                            () -> stop(
                                    attempt,
                                    new FlowInterruptedException(Result.ABORTED, true, new TimeoutCause(limit))),
                            left,
                            TimeUnit.MILLISECONDS);
        }
    }
}
