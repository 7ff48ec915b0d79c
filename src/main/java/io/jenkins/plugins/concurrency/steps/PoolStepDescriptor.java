package io.jenkins.plugins.concurrency.steps;

import hudson.FilePath;
import hudson.model.Computer;
import hudson.util.ListBoxModel;
import java.util.LinkedHashSet;
import java.util.Set;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** What the descriptors of the pools share: they work on an agent, in a folder. */
public abstract class PoolStepDescriptor extends BranchStepDescriptor {

    /** The choices of {@code affinity} in forms. */
    @Restricted(NoExternalUse.class)
    public ListBoxModel doFillAffinityItems() {
        return new ListBoxModel(new ListBoxModel.Option("none"), new ListBoxModel.Option("core"));
    }

    @Override
    public Set<? extends Class<?>> getRequiredContext() {
        Set<Class<?>> required = new LinkedHashSet<>(super.getRequiredContext());
        required.add(FilePath.class);
        required.add(Computer.class);
        return required;
    }
}
