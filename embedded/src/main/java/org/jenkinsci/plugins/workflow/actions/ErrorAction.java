package org.jenkinsci.plugins.workflow.actions;

import edu.umd.cs.findbugs.annotations.NonNull;

/** What a step failed with. */
public class ErrorAction implements PersistentAction {

    private final @NonNull Throwable error;

    public ErrorAction(@NonNull Throwable error) {
        this.error = error;
    }

    public @NonNull Throwable getError() {
        return error;
    }

    @Override
    public String getDisplayName() {
        return error.getMessage();
    }

    @Override
    public String getIconFileName() {
        return null;
    }

    @Override
    public String getUrlName() {
        return null;
    }
}
