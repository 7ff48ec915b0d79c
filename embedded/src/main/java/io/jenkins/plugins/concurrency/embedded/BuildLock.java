package io.jenkins.plugins.concurrency.embedded;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Shows other processes that work in the same home that a build runs: a lock on a file of its build directory, which
 * ends with the process, however that ends.
 */
public final class BuildLock implements Closeable {

    private final Path file;
    private final FileChannel channel;

    private BuildLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    private static Path file(File buildDirectory) {
        return buildDirectory.toPath().resolve("running");
    }

    static BuildLock take(File buildDirectory) throws IOException {
        Path file = file(buildDirectory);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            channel.tryLock();
        } catch (IOException e) {
            // There are none in this file system: while the file is there, the build counts as running.
        }
        return new BuildLock(file, channel);
    }

    /** Whether another process has the build. */
    public static boolean isTaken(File buildDirectory) {
        try (FileChannel channel = FileChannel.open(file(buildDirectory), StandardOpenOption.READ);
                FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
            return lock == null;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException | RuntimeException e) {
            return true;
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
            channel.close();
        } catch (IOException e) {
            throw new IllegalStateException("Cannot end " + file, e);
        }
    }
}
