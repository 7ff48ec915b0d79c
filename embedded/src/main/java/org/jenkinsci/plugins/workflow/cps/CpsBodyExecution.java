package org.jenkinsci.plugins.workflow.cps;

import com.cloudbees.groovy.cps.Outcome;
import hudson.model.Action;
import io.jenkins.plugins.concurrency.embedded.Wire;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jenkinsci.plugins.workflow.steps.BodyExecution;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;

/** A body that runs, or is about to, in a green thread of its own. Thread safe. */
class CpsBodyExecution extends BodyExecution {

    private static final long serialVersionUID = 1L;

    private final transient CpsStepContext owner;
    private final transient BodyReference body;
    private final transient List<Object> overrides;
    private final transient List<BodyExecutionCallback> callbacks;
    private final transient List<Action> actions;
    private final transient String label;
    private final transient boolean ownHead;
    private final transient CompletableFuture<Object> end = new CompletableFuture<>();

    // For the CPS thread only:
    private transient CpsThread thread;
    private transient Throwable stoppedBeforeLaunch;

    private transient volatile boolean cancelled;

    /** @param ownHead whether it grows beside another body of the step instead of after the step */
    CpsBodyExecution(CpsBodyInvoker invoker, String label, boolean ownHead) {
        this.owner = invoker.owner;
        this.body = invoker.body;
        this.overrides = List.copyOf(invoker.overrides);
        this.callbacks = List.copyOf(invoker.callbacks);
        this.actions = List.copyOf(invoker.actions);
        this.label = label;
        this.ownHead = ownHead;
    }

    private CpsThreadGroup group() {
        return owner.thread().getGroup();
    }

    /** Runs on the CPS thread. */
    void launch() {
        StepFlowNode node = new StepFlowNode(group().nextNodeId(), owner.node(), "{", "{");
        actions.forEach(node::addAction);
        thread = group().addThread(
                CpsThread.call(body.closure()),
                owner.thread(),
                ownHead ? new Object() : owner.thread().head(),
                node,
                owner.thread().variables().with(overrides),
                this::ended);
        group().run().annotate(label == null ? "{" : "{ (" + label + ")");
        inform(callback -> callback.onStart(owner));
        thread.resume(new Outcome(null, stoppedBeforeLaunch));
    }

    private void ended(Outcome outcome) {
        group().run().annotate("}");
        if (outcome.isSuccess()) {
            end.complete(outcome.getNormal());
            inform(callback -> callback.onSuccess(owner, outcome.getNormal()));
        } else {
            end.completeExceptionally(outcome.getAbnormal());
            inform(callback -> callback.onFailure(owner, outcome.getAbnormal()));
        }
    }

    /** A callback that fails would leave the build waiting; it fails the step instead. */
    private void inform(Consumer<BodyExecutionCallback> event) {
        for (BodyExecutionCallback callback : callbacks) {
            try {
                event.accept(callback);
            } catch (RuntimeException | Error defect) {
                owner.onFailure(defect);
            }
        }
    }

    @Override
    public boolean cancel(Throwable cause) {
        if (isDone()) {
            return false;
        }
        cancelled = true;
        group().submit(() -> {
            if (thread == null) {
                stoppedBeforeLaunch = cause;
            } else if (!isDone()) {
                group().stop(group().leaves(thread), cause);
            }
        });
        return true;
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public boolean isDone() {
        return end.isDone();
    }

    @Override
    public Object get() throws InterruptedException, ExecutionException {
        return end.get();
    }

    @Override
    public Object get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        return end.get(timeout, unit);
    }

    private Object writeReplace() {
        return Wire.reference(this);
    }
}
