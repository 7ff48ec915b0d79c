package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import io.jenkins.plugins.concurrency.engine.process.ProcessKiller;
import java.io.File;
import jenkins.MasterToSlaveFileCallable;

/** Ends the processes of the agent's machine that carry a cookie; returns when they are gone. */
final class KillProcesses extends MasterToSlaveFileCallable<Void> {

    private static final long serialVersionUID = 1;

    private final String name;
    private final String value;

    KillProcesses(@NonNull ProcessCookie cookie) {
        this.name = cookie.name();
        this.value = cookie.value();
    }

    @Override
    public Void invoke(File anywhere, VirtualChannel channel) {
        ProcessKiller.kill(new ProcessCookie(name, value)).toCompletableFuture().join();
        return null;
    }
}
