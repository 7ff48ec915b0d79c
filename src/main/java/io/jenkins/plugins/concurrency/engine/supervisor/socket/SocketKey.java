package io.jenkins.plugins.concurrency.engine.supervisor.socket;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret key of an agent and its supervisor. Without the key, another process of the same user could replace the
 * supervisor's socket by its own, or pass the data on between both, and read the secrets of runs. The controller makes
 * the key and sends it to the agent's process, which passes it to the supervisor. Only their memory has the key. It is
 * never sent over the socket.
 */
public final class SocketKey {

    /** How long a key is. */
    public static final int BYTES = 32;

    private static final int MAX_MESSAGE = RunRequest.MAX_BYTES + 1024;
    private static final int TAG_BITS = 128;
    private static final String MAC = "HmacSHA256";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] key;

    private SocketKey(byte[] key) {
        this.key = key;
    }

    /** @param bytes {@link #BYTES} random bytes */
    public static SocketKey of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("not a key: " + bytes.length + " bytes");
        }
        return new SocketKey(bytes.clone());
    }

    public static SocketKey read(DataInputStream in) throws IOException {
        return new SocketKey(readBytes(in));
    }

    public byte[] bytes() {
        return key.clone();
    }

    /** Identifies the key, and reveals nothing of it. */
    public String id() throws IOException {
        return HexFormat.of().formatHex(mac("id".getBytes(StandardCharsets.US_ASCII)), 0, 8);
    }

    /** The sender of a message, so that no message can be sent back to its sender. */
    enum Side {
        AGENT,
        SUPERVISOR;

        private Side other() {
            return this == AGENT ? SUPERVISOR : AGENT;
        }
    }

    /** Begins a session, in which each side sends one message. Both call this at the same time. */
    Session handshake(Side side, DataInputStream in, DataOutputStream out)
            throws IOException {
        byte[] own = random();
        out.write(own);
        out.flush();
        byte[] others = readBytes(in);
        return new Session(side, side == Side.AGENT ? own : others, side == Side.AGENT ? others : own, in, out);
    }

    /** Nobody else can decrypt its messages. Messages of another session are not valid in it. */
    final class Session {

        private final Side side;
        private final byte[] agents;
        private final byte[] supervisors;
        private final DataInputStream in;
        private final DataOutputStream out;

        private Session(
                Side side, byte[] agents, byte[] supervisors, DataInputStream in, DataOutputStream out) {
            this.side = side;
            this.agents = agents;
            this.supervisors = supervisors;
            this.in = in;
            this.out = out;
        }

        /** Sends the one message of this side. */
        void send(byte[] message) throws IOException {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, side, message);
            out.writeInt(sealed.length);
            out.write(sealed);
            out.flush();
        }

        /**
         * Receives the message of the other side.
         *
         * @throws IOException if the other side does not have the key, or sends nothing
         */
        byte[] receive() throws IOException {
            int length = in.readInt();
            if (length < TAG_BITS / Byte.SIZE || length > MAX_MESSAGE) {
                throw new IOException("a message of invalid length: " + length + " bytes");
            }
            return cipher(Cipher.DECRYPT_MODE, side.other(), readBytes(in, length));
        }

        private byte[] cipher(int mode, Side speaker, byte[] text) throws IOException {
            try {
                Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
                // The key is used for this message only, so the initialization vector may be constant.
                cipher.init(mode, new SecretKeySpec(messageKey(speaker), "AES"), new GCMParameterSpec(TAG_BITS, new byte[12]));
                return cipher.doFinal(text);
            } catch (GeneralSecurityException e) {
                throw new IOException("another process answers at the socket", e);
            }
        }

        private byte[] messageKey(Side speaker) throws IOException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.write(speaker.ordinal());
            all.writeBytes(agents);
            all.writeBytes(supervisors);
            return mac(all.toByteArray());
        }
    }

    private byte[] mac(byte[] message) throws IOException {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            return mac.doFinal(message);
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
        return readBytes(in, BYTES);
    }

    private static byte[] readBytes(DataInputStream in, int length) throws IOException {
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }
}
