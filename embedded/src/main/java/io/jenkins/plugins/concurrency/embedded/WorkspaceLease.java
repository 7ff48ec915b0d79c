package io.jenkins.plugins.concurrency.embedded;

import hudson.Util;
import hudson.slaves.WorkspaceList;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import jenkins.model.Jenkins;

/**
 * The use of a workspace by one {@code node} at a time. Others that want the same directory, in this process or another
 * one, get one beside it with {@code @2}, {@code @3} and so on in its name. Thread safe.
 */
public final class WorkspaceLease implements Closeable {

    private final File directory;
    private final FileChannel channel;

    private WorkspaceLease(File directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    public static WorkspaceLease take(File wanted) throws IOException {
        for (int n = 1; ; n++) {
            File directory = n == 1 ? wanted : new File(wanted.getPath() + WorkspaceList.COMBINATOR + n);
            FileChannel channel = lock(directory);
            if (channel != null) {
                return new WorkspaceLease(directory, channel);
            }
        }
    }

    /** The channel that holds the lock, or null if somebody has it. */
    private static FileChannel lock(File directory) throws IOException {
        Path locks = Jenkins.get().getRootDir().toPath().resolve("locks");
        Files.createDirectories(locks);
        Path file = locks.resolve(Util.getDigestOf(directory.getAbsoluteFile().toPath().normalize().toString()));
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // This very process has it.
        }
        channel.close();
        return null;
    }

    public File directory() {
        return directory;
    }

    /** Gives the workspace back. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new IllegalStateException("Cannot give back " + directory, e);
        }
    }
}
