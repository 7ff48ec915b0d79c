package io.jenkins.plugins.concurrency.engine.pool.function;

import io.jenkins.plugins.concurrency.engine.process.TailStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The standard output of functions. What a thread of a call prints, or a thread that it has started, becomes output of
 * that call alone. Thread-safe.
 */
final class CallOutput extends OutputStream {

    private final InheritableThreadLocal<OutputStream> current = new InheritableThreadLocal<>();

    /** The folder for whole outputs; {@code null} if the ends are enough. */
    private Path folder;

    private long maxBytes;

    /** Makes this the standard output of the process. */
    void install() {
        System.setOut(new PrintStream(this, true, StandardCharsets.UTF_8));
    }

    /**
     * From now on, the output of each call is written to a file too.
     *
     * @param maxBytes the largest file, in bytes; 0 for no limit
     */
    void keepWhole(Path folder, long maxBytes) {
        this.folder = folder;
        this.maxBytes = maxBytes;
    }

    /** Begins a call on this thread. */
    TailStream begin(int index) {
        TailStream tail = new TailStream();
        Path file = folder == null ? null : folder.resolve(FunctionProtocol.outputFile(index));
        current.set(file == null ? tail : new WholeOutput(tail, file, maxBytes));
        return tail;
    }

    /** Ends the call on this thread. */
    void end() {
        OutputStream output = current.get();
        current.remove();
        try {
            output.close();
        } catch (IOException e) {
            // what was written is in the file
        }
    }

    @Override
    public void write(int b) throws IOException {
        OutputStream output = current.get();
        if (output != null) {
            output.write(b);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        OutputStream output = current.get();
        if (output != null) {
            output.write(bytes, offset, length);
        }
    }

    /**
     * The output of one call. Keeps its end, and writes it to a file, up to a size. If the call prints nothing, there
     * is no file. Thread-safe.
     */
    private static final class WholeOutput extends OutputStream {

        private final TailStream tail;
        private final Path file;
        private final long maxBytes;

        // Guarded by this.
        private OutputStream out;
        private long written;
        private boolean closed;

        /** @param maxBytes the largest size of the file; 0 for no limit */
        WholeOutput(TailStream tail, Path file, long maxBytes) {
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
}
