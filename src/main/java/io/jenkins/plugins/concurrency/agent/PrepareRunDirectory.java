package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.engine.run.PrivateFile;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import jenkins.MasterToSlaveFileCallable;

/**
 * Makes a run directory that only the agent's user can look into, since it holds the inputs of the run, and in it the
 * files that are to be filled; and removes old directories beside it.
 */
final class PrepareRunDirectory extends MasterToSlaveFileCallable<Void> {

    private static final long serialVersionUID = 1;

    private final HashSet<String> known;
    private final ArrayList<String> files;

    /**
     * @param known the ids of the runs whose directories somebody else will remove
     * @param files names of those that only the agent's user may read
     */
    PrepareRunDirectory(@NonNull Collection<String> known, @NonNull Collection<String> files) {
        this.known = new HashSet<>(known);
        this.files = new ArrayList<>(files);
    }

    @Override
    public Void invoke(File runDirectory, VirtualChannel channel) throws IOException {
        Path directory = Files.createDirectories(runDirectory.toPath());
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
        for (String file : files) {
            PrivateFile.create(directory.resolve(file)).close();
        }
        StaleRunDirectories.remove(directory.getParent(), known);
        return null;
    }
}
