package io.jenkins.plugins.concurrency.agent;

import hudson.remoting.VirtualChannel;
import java.io.File;
import jenkins.MasterToSlaveFileCallable;

/** Tells how many processors the agent's process may use. */
public final class CountProcessors extends MasterToSlaveFileCallable<Integer> {

    private static final long serialVersionUID = 1;

    @Override
    public Integer invoke(File anywhere, VirtualChannel channel) {
        return Runtime.getRuntime().availableProcessors();
    }
}
