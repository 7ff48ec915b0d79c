package io.jenkins.plugins.concurrency.embedded.script;

import hudson.Util;
import hudson.model.Result;
import io.jenkins.plugins.concurrency.embedded.EmbeddedRun;
import java.io.IOException;

/** The script's {@code currentBuild}. */
public final class CurrentBuild {

    private final EmbeddedRun run;

    CurrentBuild(EmbeddedRun run) {
        this.run = run;
    }

    public int getNumber() {
        return run.getNumber();
    }

    public String getId() {
        return run.getId();
    }

    /** Null while nothing has set one. */
    public String getResult() {
        Result result = run.getResult();
        return result == null ? null : result.toString();
    }

    public void setResult(String result) {
        run.setResult(Result.fromString(result));
    }

    public String getCurrentResult() {
        return Util.fixNull(getResult(), Result.SUCCESS.toString());
    }

    public boolean resultIsBetterOrEqualTo(String other) {
        return Result.fromString(getCurrentResult()).isBetterOrEqualTo(Result.fromString(other));
    }

    public boolean resultIsWorseOrEqualTo(String other) {
        return Result.fromString(getCurrentResult()).isWorseOrEqualTo(Result.fromString(other));
    }

    public String getDisplayName() {
        return run.getDisplayName();
    }

    public void setDisplayName(String name) throws IOException {
        run.setDisplayName(name);
    }

    public String getFullDisplayName() {
        return run.getFullDisplayName();
    }

    public String getProjectName() {
        return run.getParent().getName();
    }

    public String getFullProjectName() {
        return run.getParent().getFullName();
    }

    public String getDescription() {
        return run.getDescription();
    }

    public void setDescription(String description) throws IOException {
        run.setDescription(description);
    }

    public long getTimeInMillis() {
        return run.getTimeInMillis();
    }

    public long getStartTimeInMillis() {
        return run.getStartTimeInMillis();
    }

    /** Milliseconds since the build started. */
    public long getDuration() {
        return System.currentTimeMillis() - run.getStartTimeInMillis();
    }

    public String getDurationString() {
        return Util.getTimeSpanString(getDuration()) + " and counting";
    }

    /** Builds of other processes are not looked up. */
    public Object getPreviousBuild() {
        return null;
    }
}
