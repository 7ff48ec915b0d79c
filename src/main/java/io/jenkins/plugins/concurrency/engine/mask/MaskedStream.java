package io.jenkins.plugins.concurrency.engine.mask;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Hides secrets in lines of UTF-8 and writes them to another stream, which it never closes. Thread-safe. */
public final class MaskedStream extends OutputStream {

    private final OutputStream out;
    private final SecretMask mask;

    /** The incomplete last line. Guarded by this. */
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    public MaskedStream(OutputStream out, SecretMask mask) {
        this.out = out;
        this.mask = mask;
    }

    @Override
    public synchronized void write(int b) throws IOException {
        line.write(b);
        if (b == '\n') {
            writeLine();
        }
    }

    /** Writes the incomplete last line. */
    @Override
    public synchronized void close() throws IOException {
        writeLine();
    }

    private void writeLine() throws IOException {
        byte[] masked = mask.text(line.toString(StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        line.reset();
        out.write(masked);
        out.flush();
    }
}
