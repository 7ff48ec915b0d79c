package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
        cancel(new RunFiles(runDirectory.toPath()), why);
        return null;
    }

    /** In one step, since the supervisor reads the file as soon as it is there. */
    static void cancel(@NonNull RunFiles files, @NonNull String why) throws IOException {
        Path partial = Files.createTempFile(files.directory(), RunFiles.CANCEL, ".partial");
        try {
            Files.writeString(partial, why);
            Files.move(partial, files.cancel(), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(partial);
        }
    }
}
