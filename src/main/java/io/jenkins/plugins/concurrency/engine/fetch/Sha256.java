package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 in the making. */
final class Sha256 {

    /** Hexadecimal digits of a hash. */
    static final int DIGITS = 64;

    private final MessageDigest digest;

    Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Takes the remaining bytes and leaves the buffer as it was. */
    void update(@NonNull ByteBuffer bytes) {
        if (bytes.hasArray()) {
            digest.update(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        } else {
            digest.update(bytes.duplicate());
        }
    }

    /** The hash in lower-case hexadecimal; ends the computation. */
    @NonNull
    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
