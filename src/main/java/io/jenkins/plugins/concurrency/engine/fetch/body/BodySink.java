package io.jenkins.plugins.concurrency.engine.fetch.body;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * Receives a body as it arrives. Ends with exactly one of {@link #commit} and {@link #discard}. Used by one thread at a
 * time.
 */
public interface BodySink {

    /** Takes the next bytes. Leaves none in the buffer. */
    void write(ByteBuffer bytes) throws IOException;

    /**
     * Asks whether there is room for more of the body than a connection receives without asking.
     *
     * @param later called once, by any thread, as soon as there is room; not called if there is room now
     * @return whether there is room now
     */
    default boolean hasRoom(Runnable later) {
        return true;
    }

    /** How many bytes have arrived. */
    long bytes();

    /** The most bytes that it takes; {@link Long#MAX_VALUE} for no limit. */
    long limit();

    /** The first bytes of the received body, as far as they are kept. */
    byte[] start(int most) throws IOException;

    /**
     * The body's SHA-256 in lower-case hexadecimal. Called when the body is complete.
     *
     * @return {@code null} if it is not needed
     */
    @CheckForNull
    default String sha256() {
        return null;
    }

    /** Keeps the body and adds details about it, with the names of {@link OutcomeDetail}. */
    void commit(Map<String, Object> details) throws IOException;

    /** Removes everything that was received. */
    void discard();

    /** A body is larger than its limit. Ends the exchange before more arrives. */
    public static final class TooLargeException extends IOException {

        private static final long serialVersionUID = 1L;

        private static final int MIB = 1024 * 1024;

        /**
         * @param limit in bytes
         * @param remedy what the user can do, to be written after a colon
         */
        public TooLargeException(long limit, String remedy) {
            super("the body is larger than " + size(limit) + ": " + remedy);
        }

        private static String size(long bytes) {
            return bytes % MIB == 0 ? bytes / MIB + " MiB" : bytes + " bytes";
        }
    }
}
