package io.jenkins.plugins.concurrency.engine.supervisor;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * By this the agent's process and the supervisor that it has started know each other. Others of the same user could put
 * a socket of their own in the place of the supervisor's, and would be told the secrets of runs. Both have the key in their
 * memory only; it never goes over the socket.
 */
final class SocketKey {

    private static final int BYTES = 32;
    private static final String ALGORITHM = "HmacSHA256";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] key;

    private SocketKey(byte[] key) {
        this.key = key;
    }

    @NonNull
    static SocketKey generate() {
        return new SocketKey(random());
    }

    @NonNull
    static SocketKey read(@NonNull DataInputStream in) throws IOException {
        return new SocketKey(readBytes(in));
    }

    @NonNull
    byte[] bytes() {
        return key.clone();
    }

    /** Who of the two speaks, so that nobody's proof can be sent back to him. */
    enum Side {
        AGENT,
        SUPERVISOR;

        private Side other() {
            return this == AGENT ? SUPERVISOR : AGENT;
        }
    }

    /**
     * Shows the other side that this one has the key, and sees that the other has it. Both call this at the same time.
     *
     * @throws IOException if the other has not the key, or nothing to say
     */
    void meet(@NonNull Side side, @NonNull DataInputStream in, @NonNull DataOutputStream out) throws IOException {
        byte[] own = random();
        out.write(own);
        out.flush();
        byte[] others = readBytes(in);
        out.write(proof(side, others));
        out.flush();
        if (!MessageDigest.isEqual(readBytes(in), proof(side.other(), own))) {
            throw new IOException("somebody else is at the socket");
        }
    }

    private byte[] proof(Side side, byte[] challenge) throws IOException {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            mac.update((byte) side.ordinal());
            return mac.doFinal(challenge);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static byte[] random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
        byte[] bytes = new byte[BYTES];
        in.readFully(bytes);
        return bytes;
    }
}
