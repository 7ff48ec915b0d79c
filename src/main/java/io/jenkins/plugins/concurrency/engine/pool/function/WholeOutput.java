package io.jenkins.plugins.concurrency.engine.pool.function;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.process.TailStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a call prints: its end, and all of it in a file, up to a size, if there is anything. Thread-safe. */
final class WholeOutput extends OutputStream {

    private final TailStream tail;
    private final Path file;
    private final long maxBytes;

    // Guarded by this.
    private OutputStream out;
    private long written;
    private boolean closed;

    /** @param maxBytes of the file; 0 for no limit */
    WholeOutput(@NonNull TailStream tail, @NonNull Path file, long maxBytes) {
        this.tail = tail;
        this.file = file;
        this.maxBytes = maxBytes;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        tail.write(bytes, offset, length);
        int fits = (int) (maxBytes == 0 ? length : Math.min(length, maxBytes - written));
        if (fits > 0 && !closed) {
            if (out == null) {
                out = Files.newOutputStream(file);
            }
            out.write(bytes, offset, fits);
            written += fits;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (out != null) {
            out.close();
        }
    }
}
