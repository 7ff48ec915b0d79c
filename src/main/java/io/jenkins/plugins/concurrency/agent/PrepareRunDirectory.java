package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.HashSet;
import jenkins.MasterToSlaveFileCallable;

/**
 * Makes a run directory that only the agent's user can look into, since it holds the inputs of the run; and removes
 * old ones beside it.
 */
final class PrepareRunDirectory extends MasterToSlaveFileCallable<Void> {

    private static final long serialVersionUID = 1;

    private final HashSet<String> known;

    /** @param known the ids of the runs whose directories somebody else will remove */
    PrepareRunDirectory(@NonNull Collection<String> known) {
        this.known = new HashSet<>(known);
    }

    @Override
    public Void invoke(File runDirectory, VirtualChannel channel) throws IOException {
        Path directory = Files.createDirectories(runDirectory.toPath());
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
        StaleRunDirectories.remove(directory.getParent(), known);
        return null;
    }
}
