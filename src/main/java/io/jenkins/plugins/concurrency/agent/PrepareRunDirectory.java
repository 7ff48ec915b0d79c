package io.jenkins.plugins.concurrency.agent;

import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import jenkins.MasterToSlaveFileCallable;

/** Makes a run directory that only the agent's user can look into: it holds the inputs of the run. */
final class PrepareRunDirectory extends MasterToSlaveFileCallable<Void> {

    private static final long serialVersionUID = 1;

    @Override
    public Void invoke(File runDirectory, VirtualChannel channel) throws IOException {
        Path directory = Files.createDirectories(runDirectory.toPath());
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
        return null;
    }
}
