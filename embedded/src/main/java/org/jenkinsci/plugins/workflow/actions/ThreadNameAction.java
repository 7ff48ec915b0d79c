package org.jenkinsci.plugins.workflow.actions;

/** Marks the body of a branch that runs beside others. */
public interface ThreadNameAction extends PersistentAction {
    String getThreadName();
}
