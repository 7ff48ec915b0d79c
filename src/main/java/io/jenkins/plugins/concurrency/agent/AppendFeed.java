package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import jenkins.MasterToSlaveFileCallable;

/**
 * Makes a run's feed longer and tells how long it is, in bytes; less than nothing while there is none. What would leave a
 * gap is not written; what is there already may be written once more, since it is the same.
 */
final class AppendFeed extends MasterToSlaveFileCallable<Long> {

    private static final long serialVersionUID = 1;

    /** What {@link #invoke} returns where there is no feed yet. */
    static final long NONE = -1;

    private final long offset;
    private final byte[] lines;

    /** @param offset where the lines belong, in bytes */
    AppendFeed(long offset, @NonNull byte[] lines) {
        this.offset = offset;
        this.lines = lines.clone();
    }

    @Override
    public Long invoke(File runDirectory, VirtualChannel channel) throws IOException {
        Path file = new RunFiles(runDirectory.toPath()).feed();
        if (!file.toFile().exists()) {
            return NONE;
        }
        try (RandomAccessFile feed = new RandomAccessFile(file.toFile(), "rw")) {
            if (feed.length() >= offset) {
                feed.seek(offset);
                feed.write(lines);
            }
            return feed.length();
        }
    }
}
