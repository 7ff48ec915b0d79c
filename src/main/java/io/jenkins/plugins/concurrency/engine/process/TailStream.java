package io.jenkins.plugins.concurrency.engine.process;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.OutputStream;

/** Keeps the end of what is written to it, {@link OutputTail#MAX_BYTES} at most. Thread-safe. */
public final class TailStream extends OutputStream {

    /** A ring. Guarded by this. */
    private final byte[] ring = new byte[OutputTail.MAX_BYTES];

    /** Bytes written since the last reset. Guarded by this. */
    private long written;

    /** Forgets what was written. */
    public synchronized void reset() {
        written = 0;
    }

    /** What is kept. */
    @NonNull
    public synchronized OutputTail tail() {
        int kept = (int) Math.min(written, ring.length);
        byte[] bytes = new byte[kept];
        for (int i = 0; i < kept; i++) {
            bytes[i] = ring[(int) ((written - kept + i) % ring.length)];
        }
        return OutputTail.decode(bytes, written > kept);
    }

    @Override
    public synchronized void write(int b) {
        ring[(int) (written++ % ring.length)] = (byte) b;
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        for (int i = 0; i < length; i++) {
            write(bytes[offset + i]);
        }
    }
}
