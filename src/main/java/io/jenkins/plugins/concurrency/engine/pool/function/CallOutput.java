package io.jenkins.plugins.concurrency.engine.pool.function;

import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import java.io.OutputStream;

/** Keeps the end of what one call prints. Thread-safe, since a function may have threads. */
final class CallOutput extends OutputStream {

    /** A ring. Guarded by this. */
    private final byte[] ring = new byte[OutputTail.MAX_BYTES];

    /** Bytes written since the last reset. Guarded by this. */
    private long written;

    synchronized void reset() {
        written = 0;
    }

    synchronized boolean isTruncated() {
        return written > ring.length;
    }

    synchronized String text() {
        int kept = (int) Math.min(written, ring.length);
        byte[] bytes = new byte[kept];
        for (int i = 0; i < kept; i++) {
            bytes[i] = ring[(int) ((written - kept + i) % ring.length)];
        }
        return OutputTail.decode(bytes, isTruncated()).text();
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
