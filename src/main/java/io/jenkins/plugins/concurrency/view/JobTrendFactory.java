package io.jenkins.plugins.concurrency.view;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.concurrency.view.data.BuildRuns;
import java.util.Collection;
import java.util.Set;
import jenkins.model.TransientActionFactory;

/** Gives the chart to jobs one of whose last builds has runs. */
@Extension
@SuppressWarnings("rawtypes") // as the base class asks for it
public final class JobTrendFactory extends TransientActionFactory<Job> {

    private static final int BUILDS_LOOKED_AT = 3;

    @Override
    public Class<Job> type() {
        return Job.class;
    }

    @Override
    public Class<? extends Action> actionType() {
        return JobTrend.class;
    }

    @NonNull
    @Override
    public Collection<? extends Action> createFor(@NonNull Job job) {
        Run<?, ?> build = job.getLastBuild();
        for (int i = 0; build != null && i < BUILDS_LOOKED_AT; i++) {
            if (BuildRuns.hasAny(BuildPage.directory(build))) {
                return Set.of(new JobTrend(job));
            }
            build = build.getPreviousBuild();
        }
        return Set.of();
    }
}
