package io.jenkins.plugins.concurrency.engine.process;

import java.io.OutputStream;
import java.util.Arrays;

/** Keeps the end of what is written to it. Thread-safe. */
public final class TailStream extends OutputStream {

    private static final int FIRST_SIZE = 1024;

    private final int max;

    /**
     * Grows with what is written, because most outputs are empty. When it is full, it is used as a ring. Guarded by
     * this.
     */
    private byte[] ring = {};

    /** Bytes written since the last reset. Guarded by this. */
    private long written;

    /** Keeps {@link OutputTail#MAX_BYTES}. */
    public TailStream() {
        this(OutputTail.MAX_BYTES);
    }

    /** @param max how much is kept, in bytes */
    public TailStream(int max) {
        this.max = max;
    }

    /** Removes what was written. */
    public synchronized void reset() {
        written = 0;
    }

    /** What is kept. */
    public synchronized OutputTail tail() {
        int kept = (int) Math.min(written, max);
        byte[] bytes = new byte[kept];
        for (int i = 0; i < kept; i++) {
            bytes[i] = ring[(int) ((written - kept + i) % max)];
        }
        return OutputTail.decode(bytes, written > kept);
    }

    @Override
    public synchronized void write(int b) {
        if (written >= ring.length && ring.length < max) {
            ring = Arrays.copyOf(ring, Math.min(max, Math.max(FIRST_SIZE, 2 * ring.length)));
        }
        ring[(int) (written++ % max)] = (byte) b;
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        for (int i = 0; i < length; i++) {
            write(bytes[offset + i]);
        }
    }
}
