package io.jenkins.plugins.concurrency.nodes;

import com.cloudbees.groovy.cps.Block;
import com.cloudbees.groovy.cps.Continuation;
import com.cloudbees.groovy.cps.Env;
import com.cloudbees.groovy.cps.Envs;
import com.cloudbees.groovy.cps.Next;
import com.cloudbees.groovy.cps.impl.CpsCallableInvocation;
import com.cloudbees.groovy.cps.impl.CpsClosure;
import com.cloudbees.groovy.cps.impl.TryBlockEnv;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import groovy.lang.Closure;
import java.io.IOException;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.cps.CpsThread;
import org.jenkinsci.plugins.workflow.cps.DSL;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * A body that calls one step after the other. Its loop is written by hand as continuations, because no script is
 * involved. Part of a Pipeline's program state; for its CPS thread, except where noted.
 */
public abstract class GreenThread implements Block {

    private static final long serialVersionUID = 1;

    private static final Logger LOGGER = Logger.getLogger(GreenThread.class.getName());

    // Where the thread's code runs, and what follows it. Set at the start.
    private Env env;
    private Continuation exit;

    /** What the thread waits for; {@code null} while it runs. Guarded by this. */
    private StepExecution step;

    /** The body that runs this. */
    public final Closure<?> closure() {
        return new CpsClosure(null, null, List.of(), this, Envs.empty());
    }

    /** Begins a round. Called by the continuation engine. */
    @Override
    public final Next eval(Env e, Continuation k) {
        env = e;
        exit = k;
        return round();
    }

    /** Does one round of the loop. A round ends with a call of one of the other methods. */
    protected abstract Next round();

    /** Called when the thread starts to wait for the step that it has called. */
    protected abstract void waits();

    /**
     * Called when that step has ended. Must call {@link #over} first.
     *
     * @param failed whether the result is the exception that it has thrown
     */
    protected abstract Next resumed(boolean failed, @CheckForNull Object result);

    protected abstract DSL steps() throws IOException, InterruptedException;

    protected final Next call(String function, Object... arguments) {
        try {
            return resumed(false, steps().invokeMethod(function, arguments));
        } catch (CpsCallableInvocation suspension) {
            synchronized (this) {
                step = CpsThread.current().getStep();
            }
            waits();
            TryBlockEnv guarded = new TryBlockEnv(env, null);
            guarded.addHandler(Throwable.class, new Resumption(this, true));
            return suspension.invoke(guarded, null, new Resumption(this, false));
        } catch (Throwable thrown) {
            return resumed(true, thrown);
        }
    }

    protected final Next nextRound() {
        return new Next(this, env, exit);
    }

    protected final Next exit() {
        return exit.receive(null);
    }

    /** The step that the thread waits for; {@code null} while it runs. Any thread may call this. */
    @CheckForNull
    protected final synchronized StepExecution step() {
        return step;
    }

    /** Ends the wait, and returns the step; {@code null} if the step ended at once. */
    @CheckForNull
    protected final synchronized StepExecution over() {
        StepExecution ended = step;
        step = null;
        return ended;
    }

    /** Stops a step. Does nothing if the step has ended or is {@code null}. Any thread may call this. */
    protected static void stop(@CheckForNull StepExecution step, Throwable cause) {
        try {
            if (step != null) {
                step.stop(cause);
            }
        } catch (Exception e) {
            LOGGER.log(Level.WARNING, e, () -> "can't stop " + step);
        }
    }

    /** Continues the thread. */
    private static final class Resumption implements Continuation {
        private static final long serialVersionUID = 1;

        private final GreenThread thread;
        private final boolean failed;

        Resumption(GreenThread thread, boolean failed) {
            this.thread = thread;
            this.failed = failed;
        }

        @Override
        public Next receive(Object result) {
            return thread.resumed(failed, result);
        }
    }
}
