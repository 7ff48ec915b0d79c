package org.jenkinsci.plugins.workflow.actions;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Result;

/** Says that a step went less well than it should without failing: stage views show it, the build's result stays. */
public class WarningAction implements PersistentAction {

    private final Result result;
    private @CheckForNull String message;

    public WarningAction(Result result) {
        this.result = result;
    }

    public WarningAction withMessage(String text) {
        this.message = text;
        return this;
    }

    @Override
    public String getDisplayName() {
        return message == null ? "Warning" : "Warning: " + message;
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
