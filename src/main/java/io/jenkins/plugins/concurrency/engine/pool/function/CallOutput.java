package io.jenkins.plugins.concurrency.engine.pool.function;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.process.TailStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The standard output of functions: what a call prints, by its own thread or one that it has started, goes to that call
 * alone. Safe for use by many threads.
 */
final class CallOutput extends OutputStream {

    private final InheritableThreadLocal<TailStream> current = new InheritableThreadLocal<>();

    /** Makes this the process' standard output. */
    void install() {
        System.setOut(new PrintStream(this, true, StandardCharsets.UTF_8));
    }

    /** Begins a call on this thread. */
    @NonNull
    TailStream begin() {
        TailStream output = new TailStream();
        current.set(output);
        return output;
    }

    /** Ends the call of this thread. */
    void end() {
        current.remove();
    }

    @Override
    public void write(int b) {
        TailStream output = current.get();
        if (output != null) {
            output.write(b);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        TailStream output = current.get();
        if (output != null) {
            output.write(bytes, offset, length);
        }
    }
}
