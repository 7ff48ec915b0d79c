package org.jenkinsci.plugins.workflow.actions;

import edu.umd.cs.findbugs.annotations.NonNull;

/** Marks the body of a branch that runs beside others. */
public interface ThreadNameAction extends PersistentAction {
    @NonNull
    String getThreadName();
}
