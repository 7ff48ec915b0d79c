package io.jenkins.plugins.concurrency.engine.pool.function;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A file that grows, read as a stream that waits for what is appended and ends when the file is removed. For places
 * that give a process no standard input, as {@code docker exec} does, but share a folder.
 */
final class FollowedFile extends InputStream {

    private static final long LOOK_MILLIS = 5;

    private final Path file;
    private final InputStream in;

    FollowedFile(@NonNull Path file) throws IOException {
        this.file = file;
        this.in = Files.newInputStream(file);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        while (true) {
            boolean there = Files.exists(file);
            int read = in.read(bytes, offset, length);
            if (read >= 0 || !there) {
                return read;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
