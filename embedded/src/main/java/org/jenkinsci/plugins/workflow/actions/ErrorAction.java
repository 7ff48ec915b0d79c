package org.jenkinsci.plugins.workflow.actions;

/** What a step failed with. */
public class ErrorAction implements PersistentAction {

    private final Throwable error;

    public ErrorAction(Throwable error) {
        this.error = error;
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
