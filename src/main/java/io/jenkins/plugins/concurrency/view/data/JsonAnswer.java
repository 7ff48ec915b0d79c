package io.jenkins.plugins.concurrency.view.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** An answer for many pages: JSON as UTF-8, compressed once for all. Thread-safe. */
public final class JsonAnswer {

    private static final int BUFFER_BYTES = 8 * 1024;

    private final byte[] plain;

    /** Guarded by this; made when it is first asked for. */
    private byte[] packed;

    JsonAnswer(byte[] plain) {
        this.plain = plain;
    }

    /** Not to be changed. */
    public byte[] plain() {
        return plain;
    }

    /** The same with gzip. Not to be changed. */
    public synchronized byte[] packed() throws IOException {
        if (packed == null) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length / 4);
            try (GZIPOutputStream gzip = new FastGzip(bytes)) {
                gzip.write(plain);
            }
            packed = bytes.toByteArray();
        }
        return packed;
    }

    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(ByteArrayOutputStream out) throws IOException {
            super(out, BUFFER_BYTES);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
