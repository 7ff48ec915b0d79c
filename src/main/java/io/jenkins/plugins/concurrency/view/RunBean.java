package io.jenkins.plugins.concurrency.view;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.view.data.RunIndex;
import io.jenkins.plugins.concurrency.view.data.RunTally;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A step of a build in the remote API. Times in milliseconds. */
@ExportedBean(defaultVisibility = 2)
public final class RunBean {

    private final RunIndex run;
    private final RunTally.Overview summary;

    RunBean(RunIndex run, boolean building) {
        this.run = run;
        this.summary = run.summary(building);
    }

    @Exported
    public String getId() {
        return summary.id();
    }

    /** The step's function name. */
    @Exported
    public String getStep() {
        return summary.step();
    }

    /** The step's label. */
    @Exported
    public String getName() {
        return summary.name();
    }

    /** {@code running}, {@code finished}, {@code failed} or {@code interrupted}. */
    @Exported
    public String getState() {
        return summary.state();
    }

    /** Why the run could not be carried out; {@code null} if it was. */
    @Exported
    @CheckForNull
    public String getFailure() {
        return summary.failure();
    }

    /** How many branches there are; -1 if that is not known yet. */
    @Exported
    public int getTotal() {
        return summary.total();
    }

    @Exported
    public int getSucceeded() {
        return summary.succeeded();
    }

    @Exported
    public int getFailed() {
        return summary.failed();
    }

    @Exported
    public int getCancelled() {
        return summary.cancelled();
    }

    /** How many branches never started, because a branch that they need did not succeed. */
    @Exported
    public int getSkipped() {
        return summary.skipped();
    }

    /** How many branches had more than one attempt. */
    @Exported
    public int getRetried() {
        return summary.retried();
    }

    /** When the first branch started, milliseconds since the epoch. */
    @Exported
    public long getStartMillis() {
        return summary.start();
    }

    /** From the start of the first branch to the end of the last. */
    @Exported
    public long getDurationMillis() {
        return summary.millis();
    }

    @Exported
    public double getBranchesPerSecond() {
        return summary.perSecond();
    }

    /** How many branches could run at once. */
    @Exported
    public int getSlots() {
        return summary.slots();
    }

    /** The part of the time in which the slots worked, from 0 to 1. */
    @Exported
    public double getBusy() {
        return summary.busy();
    }

    /** How many branches have each error type. */
    @Exported
    public Map<String, Integer> getErrors() {
        return summary.errors();
    }

    /** The branches that have ended, in the order of the inputs; only with {@code tree=}, best with a range. */
    @Exported(visibility = -2)
    public List<BranchBean> getBranches() {
        int[] indexes = run.indexes();
        return new BeanList<>(indexes.length, place -> bean(indexes[place]));
    }

    private BranchBean bean(int branch) {
        try {
            return new BranchBean(run.outcome(branch), run.lane(branch));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
