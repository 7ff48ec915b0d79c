package io.jenkins.plugins.concurrency.steps;

import hudson.util.ListBoxModel;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** What the descriptors of the pools share. */
public abstract class PoolStepDescriptor extends BranchStepDescriptor {

    /** The choices of {@code affinity} in forms. */
    @Restricted(NoExternalUse.class)
    public ListBoxModel doFillAffinityItems() {
        return new ListBoxModel(new ListBoxModel.Option("none"), new ListBoxModel.Option("core"));
    }
}
