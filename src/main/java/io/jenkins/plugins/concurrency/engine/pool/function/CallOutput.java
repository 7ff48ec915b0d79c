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

    /** The folder for whole outputs; {@code null} where ends are enough. */
    private Path folder;

    private long maxBytes;

    /** Makes this the process' standard output. */
    void install() {
        System.setOut(new PrintStream(this, true, StandardCharsets.UTF_8));
    }

    /** From now on all that a call prints goes to a file too, of at most so many bytes, 0 for any number. */
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

    /** Ends the call of this thread. */
    void end() {
        OutputStream output = current.get();
        current.remove();
        try {
            output.close();
        } catch (IOException e) {
            // what was written is there
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

    /** What a call prints: its end, and all of it in a file, up to a size, if there is anything. Thread-safe. */
    private static final class WholeOutput extends OutputStream {

        private final TailStream tail;
        private final Path file;
        private final long maxBytes;

        // Guarded by this.
        private OutputStream out;
        private long written;
        private boolean closed;

        /** @param maxBytes of the file; 0 for no limit */
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
