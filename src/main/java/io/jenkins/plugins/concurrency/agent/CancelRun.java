package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.engine.run.AtomicFile;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.File;
import java.io.IOException;
import jenkins.MasterToSlaveFileCallable;

/** Tells a run's supervisor to cancel. */
final class CancelRun extends MasterToSlaveFileCallable<Void> {

    private static final long serialVersionUID = 1;

    private final String why;

    /** @param why for people, one line */
    CancelRun(@NonNull String why) {
        this.why = why;
    }

    @Override
    public Void invoke(File runDirectory, VirtualChannel channel) throws IOException {
        AtomicFile.write(new RunFiles(runDirectory.toPath()).cancel(), why);
        return null;
    }
}
