package io.jenkins.plugins.concurrency.agent;

import hudson.Extension;
import hudson.model.Item;
import hudson.model.listeners.ItemListener;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Keeps what is remembered of runs true when a job is renamed or moved while it builds. */
@Extension
@Restricted(NoExternalUse.class)
public final class RenamedBuilds extends ItemListener {

    @Override
    public void onLocationChanged(Item item, String oldFullName, String newFullName) {
        RunCleaner.get().renamed(oldFullName, newFullName);
    }
}
