package io.jenkins.plugins.concurrency.view;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Run;
import io.jenkins.plugins.concurrency.view.data.BuildRuns;
import java.util.Collection;
import java.util.Set;
import jenkins.model.TransientActionFactory;

/** Gives the page to builds that have runs. Asked often, so it looks for no more than a folder. */
@Extension
@SuppressWarnings("rawtypes") // as the base class asks for it
public final class BuildPageFactory extends TransientActionFactory<Run> {

    @Override
    public Class<Run> type() {
        return Run.class;
    }

    @Override
    public Class<? extends Action> actionType() {
        return BuildPage.class;
    }

    @NonNull
    @Override
    public Collection<? extends Action> createFor(@NonNull Run build) {
        Run<?, ?> target = build;
        return BuildRuns.hasAny(BuildPage.directory(target)) ? Set.of(new BuildPage(target)) : Set.of();
    }
}
