package org.jenkinsci.plugins.workflow.cps;

import com.cloudbees.groovy.cps.Outcome;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import groovy.lang.Closure;
import hudson.EnvVars;
import hudson.model.Computer;
import hudson.model.Job;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.concurrency.embedded.EmbeddedRun;
import io.jenkins.plugins.concurrency.embedded.Wire;
import java.io.IOException;
import org.jenkinsci.plugins.workflow.actions.ErrorAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * One call of a step. Its outcome may be set from any thread; the program goes on with it on the CPS thread. Thread
 * safe.
 */
public class CpsStepContext extends StepContext {

    private static final long serialVersionUID = 1L;

    private final transient StepDescriptor descriptor;
    private final transient CpsThread thread;
    private final transient StepFlowNode node;
    private final transient Closure<?> body;

    // Guarded by this:
    private transient Outcome outcome;
    private transient boolean waiting;
    private transient boolean ranBody;
    private transient int startedBodies;

    public CpsStepContext(StepDescriptor descriptor, CpsThread thread, @CheckForNull Closure<?> body) {
        this.descriptor = descriptor;
        this.thread = thread;
        this.body = body;
        this.node = new StepFlowNode(
                thread.getGroup().nextNodeId(),
                thread.enclosing(),
                descriptor.getFunctionName(),
                descriptor.getDisplayName());
        if (body != null) {
            thread.getGroup().closures.put(Integer.valueOf(node.getId()), body);
        }
    }

    private EmbeddedRun run() {
        return thread.getGroup().run();
    }

    CpsThread thread() {
        return thread;
    }

    StepFlowNode node() {
        return node;
    }

    /** The rest of the build's context, for those who call steps and are no steps themselves. */
    public static EnvVars environment(EmbeddedRun run, CpsThread thread) throws IOException, InterruptedException {
        ContextVariables variables = thread == null ? ContextVariables.NONE : thread.variables();
        EnvVars custom = run.getEnvironment(run.listener());
        custom.overrideAll(run.globalEnvironment());
        return EnvironmentExpander.getEffectiveEnvironment(
                custom, variables.get(EnvVars.class), variables.get(EnvironmentExpander.class));
    }

    @Override
    public final <T> T get(Class<T> key) throws IOException, InterruptedException {
        if (key == EnvVars.class) {
            return key.cast(environment(run(), thread));
        }
        T provided = thread.variables().get(key);
        if (provided != null) {
            return provided;
        }
        if (key == TaskListener.class) {
            return key.cast(run().listener());
        } else if (Run.class.isAssignableFrom(key)) {
            return castOrNull(key, run());
        } else if (Job.class.isAssignableFrom(key)) {
            return castOrNull(key, run().getParent());
        } else if (key == FlowNode.class) {
            return key.cast(node);
        } else if (Node.class.isAssignableFrom(key)) {
            Computer computer = thread.variables().get(Computer.class);
            return computer == null ? null : castOrNull(key, computer.getNode());
        }
        return null;
    }

    private static <T> T castOrNull(Class<T> key, Object value) {
        return key.isInstance(value) ? key.cast(value) : null;
    }

    @Override
    public void onSuccess(@CheckForNull Object result) {
        complete(new Outcome(result, null));
    }

    @Override
    public void onFailure(Throwable t) {
        complete(new Outcome(null, t));
    }

    /** The first outcome counts: a step that is stopped while it ends by itself may well report both. */
    private void complete(Outcome first) {
        synchronized (this) {
            if (outcome != null) {
                return;
            }
            outcome = first;
            if (!waiting) {
                return;
            }
        }
        goOn();
    }

    private synchronized boolean waitForOutcome() {
        waiting = true;
        return outcome == null;
    }

    private void goOn() {
        thread.getGroup().submit(() -> {
            Outcome end = ended();
            thread.resume(end);
        });
    }

    private synchronized Outcome ended() {
        thread.getGroup().closures.remove(Integer.valueOf(node.getId()));
        if (outcome.isFailure()) {
            node.addAction(new ErrorAction(outcome.getAbnormal()));
        }
        if (ranBody) {
            run().annotate("// " + descriptor.getFunctionName());
        }
        return outcome;
    }

    /**
     * Starts the step, which is in the state that {@link StepExecution#start} expects.
     *
     * @return its outcome if it has ended, null if the program must wait for it
     */
    public @CheckForNull Outcome start(StepExecution execution) {
        thread.setStep(execution);
        boolean done;
        try {
            done = execution.start();
        } catch (Throwable failure) {
            onFailure(failure);
            done = true;
        }
        if (done) {
            synchronized (this) {
                if (outcome == null) {
                    outcome = new Outcome(null, new IllegalStateException(
                            descriptor.getFunctionName() + " said that it had ended, but has no result"));
                }
            }
            thread.setStep(null);
            return ended();
        }
        if (!waitForOutcome()) {
            // It ended on another thread before the program began to wait.
            goOn();
        }
        return null;
    }

    @Override
    public boolean isReady() {
        return true;
    }

    /** Nothing to keep: builds of the embedded runtime do not outlive its process. */
    @Override
    public ListenableFuture<Void> saveState() {
        return Futures.immediateFuture(null);
    }

    @Override
    public boolean hasBody() {
        return body != null;
    }

    @Override
    public CpsBodyInvoker newBodyInvoker() {
        if (body == null) {
            throw new IllegalStateException("There is no body to invoke");
        }
        return newBodyInvoker(BodyReference.to(body), false);
    }

    /** Runs a closure that came as an argument: see {@link CpsThreadGroup#export}. */
    public CpsBodyInvoker newBodyInvoker(BodyReference reference, boolean unexport) {
        synchronized (this) {
            ranBody = true;
        }
        return new CpsBodyInvoker(this, reference);
    }

    /** Whether the body that is being started grows beside others: all but the first that a step's start asks for. */
    synchronized boolean takesHead() {
        return !waiting && startedBodies++ > 0;
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return "CpsStepContext[" + descriptor.getFunctionName() + " " + node.getId() + "]";
    }

    private Object writeReplace() {
        return Wire.reference(this);
    }
}
