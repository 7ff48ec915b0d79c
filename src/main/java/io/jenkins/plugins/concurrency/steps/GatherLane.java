package io.jenkins.plugins.concurrency.steps;

import com.cloudbees.groovy.cps.Block;
import com.cloudbees.groovy.cps.Continuation;
import com.cloudbees.groovy.cps.Env;
import com.cloudbees.groovy.cps.Envs;
import com.cloudbees.groovy.cps.Next;
import com.cloudbees.groovy.cps.impl.CpsCallableInvocation;
import com.cloudbees.groovy.cps.impl.CpsClosure;
import com.cloudbees.groovy.cps.impl.TryBlockEnv;
import edu.umd.cs.findbugs.annotations.NonNull;
import groovy.lang.Closure;
import hudson.model.Result;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.cps.CpsThread;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * A green thread of a {@code gather} that runs one branch after the other, each as the only branch of a {@code parallel}
 * step of its own: so graph views see every branch as what it is, and none that waits has a thread or a place in the
 * graph. What the thread does is a loop written by hand as continuations, since scripts have no part in it. Part of a
 * Pipeline's program state; for its CPS thread, except where noted.
 */
final class GatherLane implements Block {

    private static final long serialVersionUID = 1;

    private static final Logger LOGGER = Logger.getLogger(GatherLane.class.getName());

    private final GatherExecution gather;

    // Where the thread's code runs, and what comes after it. Set when it begins.
    private Env env;
    private Continuation exit;

    /** The branch that the thread has taken. */
    private GatherBranch branch;

    /** Whether the branch waits for its next attempt. */
    private boolean pausing;

    /** What the thread waits for: the branch's {@code parallel}, or the pause. */
    private StepExecution step;

    /** When the attempt has to be over, milliseconds since the epoch; 0 for never. */
    private long deadlineMillis;

    /** Stops the attempt at its deadline; started anew after a restart. */
    private transient Future<?> alarm;

    GatherLane(@NonNull GatherExecution gather) {
        this.gather = gather;
    }

    /** The body that runs this. */
    @NonNull
    Closure<?> closure() {
        return new CpsClosure(null, null, List.of(), this, Envs.empty());
    }

    /** Takes the next branch; called by the continuation engine. */
    @Override
    public Next eval(Env e, Continuation k) {
        env = e;
        exit = k;
        branch = gather.take();
        if (branch == null) {
            return exit.receive(null);
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
        return call("parallel", Map.of(branch.name(), GatherWork.closure(branch.work())));
    }

    private Next call(String function, Map<String, Object> arguments) {
        try {
            return resumed(false, gather.steps().invokeMethod(function, arguments));
        } catch (CpsCallableInvocation suspension) {
            step = CpsThread.current().getStep();
            setAlarm();
            TryBlockEnv guarded = new TryBlockEnv(env, null);
            guarded.addHandler(Throwable.class, new Resumption(this, true));
            return suspension.invoke(guarded, null, new Resumption(this, false));
        } catch (Throwable failure) {
            return resumed(true, failure);
        }
    }

    /** The step that the thread waited for is over. */
    private Next resumed(boolean failed, Object result) {
        step = null;
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
            gather.breakOff(e);
        }
        branch = null;
        return new Next(this, env, exit);
    }

    /** Stops what the thread waits for. */
    void interrupt(@NonNull Throwable cause) {
        stop(step, cause);
    }

    /** Sets the alarm for an attempt that was under way when the controller ended. From any thread. */
    void onResume() {
        setAlarm();
    }

    private void setAlarm() {
        if (deadlineMillis > 0 && step != null) {
            StepExecution attempt = step;
            Duration limit = gather.policy().timeout();
            long left = Math.max(0, deadlineMillis - System.currentTimeMillis());
            alarm = Timer.get()
                    .schedule(
                            () -> stop(
                                    attempt,
                                    new FlowInterruptedException(Result.ABORTED, true, new GatherTimeout(limit))),
                            left,
                            TimeUnit.MILLISECONDS);
        }
    }

    /** From any thread; does nothing if the step is over. */
    private static void stop(StepExecution step, Throwable cause) {
        try {
            if (step != null) {
                step.stop(cause);
            }
        } catch (Exception e) {
            LOGGER.log(Level.WARNING, e, () -> "can't stop " + step);
        }
    }

    /** Goes on with the thread. */
    private static final class Resumption implements Continuation {
        private static final long serialVersionUID = 1;

        private final GatherLane lane;
        private final boolean failed;

        Resumption(GatherLane lane, boolean failed) {
            this.lane = lane;
            this.failed = failed;
        }

        @Override
        public Next receive(Object result) {
            return lane.resumed(failed, result);
        }
    }
}
