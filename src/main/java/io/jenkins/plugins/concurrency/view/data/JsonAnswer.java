package io.jenkins.plugins.concurrency.view.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** An answer for many pages: JSON in UTF-8, compressed once for all of them. Thread-safe. */
public final class JsonAnswer {

    private static final int BUFFER_BYTES = 8 * 1024;

    private final byte[] plain;

    /** Made when it is first needed. Guarded by this. */
    private byte[] packed;

    JsonAnswer(byte[] plain) {
        this.plain = plain;
    }

    /** The bytes must not be changed. */
    public byte[] plain() {
        return plain;
    }

    /** The same, compressed with gzip. The bytes must not be changed. */
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
