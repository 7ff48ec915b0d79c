package io.jenkins.plugins.concurrency.engine.process;

import java.io.OutputStream;

/** Keeps the end of what is written to it, {@link OutputTail#MAX_BYTES} at most. Thread-safe. */
public final class TailStream extends OutputStream {

    /** A ring, made when something is written: most have nothing to keep. Guarded by this. */
    private byte[] ring;

    /** Bytes written since the last reset. Guarded by this. */
    private long written;

    /** Forgets what was written. */
    public synchronized void reset() {
        written = 0;
    }

    /** What is kept. */
    public synchronized OutputTail tail() {
        int kept = (int) Math.min(written, OutputTail.MAX_BYTES);
        byte[] bytes = new byte[kept];
        for (int i = 0; i < kept; i++) {
            bytes[i] = ring[(int) ((written - kept + i) % OutputTail.MAX_BYTES)];
        }
        return OutputTail.decode(bytes, written > kept);
    }

    @Override
    public synchronized void write(int b) {
        if (ring == null) {
            ring = new byte[OutputTail.MAX_BYTES];
        }
        ring[(int) (written++ % OutputTail.MAX_BYTES)] = (byte) b;
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        for (int i = 0; i < length; i++) {
            write(bytes[offset + i]);
        }
    }
}
