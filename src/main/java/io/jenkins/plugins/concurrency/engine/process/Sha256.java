package io.jenkins.plugins.concurrency.engine.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.BooleanSupplier;

/** Computes a SHA-256 hash incrementally. */
public final class Sha256 {

    /** Hexadecimal digits of a hash. */
    public static final int DIGITS = 64;

    private static final int PIECE = 64 * 1024;

    private final MessageDigest digest;

    public Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The hash of a text in lower-case hexadecimal. */
    public static String of(String text) {
        Sha256 hash = new Sha256();
        hash.update(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        return hash.hex();
    }

    /**
     * The hash of a whole file in lower-case hexadecimal. Blocks.
     *
     * @param aborted asked while the file is read
     * @throws IOException if the file can't be read, or reading was aborted
     */
    public static String ofFile(Path path, BooleanSupplier aborted) throws IOException {
        Sha256 hash = new Sha256();
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        try (FileChannel file = FileChannel.open(path)) {
            while (file.read(piece) >= 0) {
                if (aborted.getAsBoolean()) {
                    throw new IOException("aborted");
                }
                hash.update(piece.flip());
                piece.clear();
            }
        }
        return hash.hex();
    }

    /** Adds the remaining bytes of a buffer. The buffer stays unchanged. */
    public void update(ByteBuffer bytes) {
        if (bytes.hasArray()) {
            digest.update(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        } else {
            digest.update(bytes.duplicate());
        }
    }

    /** Ends the computation and returns the hash in lower-case hexadecimal. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
