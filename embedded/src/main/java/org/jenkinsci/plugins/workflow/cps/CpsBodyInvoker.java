package org.jenkinsci.plugins.workflow.cps;

import hudson.model.Action;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jenkinsci.plugins.workflow.actions.LabelAction;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.BodyInvoker;

/** Prepares one run of a closure as the body of a step. For the CPS thread only. */
public final class CpsBodyInvoker extends BodyInvoker {

    final CpsStepContext owner;
    final BodyReference body;
    final List<Object> overrides = new ArrayList<>();
    final List<BodyExecutionCallback> callbacks = new ArrayList<>();
    final List<Action> actions = new ArrayList<>();
    private String label;

    CpsBodyInvoker(CpsStepContext owner, BodyReference body) {
        this.owner = owner;
        this.body = body;
    }

    @Override
    public CpsBodyInvoker withContext(Object override) {
        overrides.add(override);
        return this;
    }

    @Override
    public BodyInvoker withContexts(Collection<?> values) {
        overrides.addAll(values);
        return this;
    }

    /** Attaches an action to the beginning of the body; one with a name for people names the body. */
    public CpsBodyInvoker withStartAction(Action a) {
        actions.add(a);
        if (a instanceof LabelAction) {
            label = a.getDisplayName();
        }
        return this;
    }

    @Override
    public CpsBodyInvoker withCallback(BodyExecutionCallback callback) {
        callbacks.add(callback);
        return this;
    }

    @Override
    public CpsBodyInvoker withDisplayName(String name) {
        label = name;
        return this;
    }

    @Override
    public CpsBodyExecution start() {
        CpsBodyExecution execution = new CpsBodyExecution(this, label, owner.takesHead());
        owner.thread().getGroup().submit(execution::launch);
        return execution;
    }
}
