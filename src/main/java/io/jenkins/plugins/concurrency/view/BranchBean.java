package io.jenkins.plugins.concurrency.view;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A branch in the remote API. Times in milliseconds. */
@ExportedBean(defaultVisibility = 2)
public final class BranchBean {

    private final Outcome outcome;
    private final int lane;

    BranchBean(Outcome outcome, int lane) {
        this.outcome = outcome;
        this.lane = lane;
    }

    @Exported
    public int getIndex() {
        return outcome.index();
    }

    @Exported
    public String getName() {
        return outcome.name();
    }

    /** {@code succeeded}, {@code failed}, {@code cancelled} or {@code skipped}. */
    @Exported
    public String getOutcome() {
        return outcome.status().text();
    }

    /** The type of the error, or {@code null}. */
    @Exported
    @CheckForNull
    public String getError() {
        return outcome.error() == null ? null : outcome.error().type().text();
    }

    @Exported
    @CheckForNull
    public String getMessage() {
        return outcome.error() == null ? null : outcome.error().message();
    }

    @Exported
    public int getAttempts() {
        return outcome.attempts();
    }

    /** The number of the worker, or of the lane in the timeline. */
    @Exported
    public int getLane() {
        return lane;
    }

    @Exported
    public long getStartMillis() {
        return outcome.startMillis();
    }

    @Exported
    public long getDurationMillis() {
        return outcome.durationMillis();
    }

    @Exported
    @CheckForNull
    public Integer getExitCode() {
        return outcome.details().get(OutcomeDetail.EXIT_CODE) instanceof Number code ? code.intValue() : null;
    }

    @Exported
    @CheckForNull
    public Integer getHttpStatus() {
        return outcome.details().get(OutcomeDetail.STATUS) instanceof Number status ? status.intValue() : null;
    }

    @Exported
    @CheckForNull
    public String getUrl() {
        return outcome.details().get(OutcomeDetail.URL) instanceof String url ? url : null;
    }
}
