package io.jenkins.plugins.concurrency.engine.fetch.body;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.http.MessageText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses a body as it arrives, piece by piece, so that the receiver can stop before it grows too large. Used by
 * one thread at a time; has to be closed.
 */
final class BodyInflater implements AutoCloseable {

    private static final int PIECE = 16 * 1024;

    /** One for each I/O thread: what is in it has been taken before the thread does anything else. */
    private static final ThreadLocal<ByteBuffer> PIECES = ThreadLocal.withInitial(() -> ByteBuffer.allocate(PIECE));

    /** What surrounds the compressed content. */
    interface Frame {

        /** Whether the content has neither a header nor a checksum of zlib's own. */
        boolean isRaw();

        /**
         * Takes bytes before the content.
         *
         * @return whether the content begins at the buffer's position; otherwise the buffer is empty
         */
        boolean begins(ByteBuffer bytes) throws ContentCodingException;

        /** More content has been unpacked. */
        void unpacked(ByteBuffer content);

        /** Takes bytes behind the content. */
        void follow(ByteBuffer bytes) throws ContentCodingException;

        /** Whether more content may follow, which then begins anew. */
        boolean beginsAgain();

        /** Whether what is behind the content is there. */
        boolean isWhole();
    }

    /** Takes what is unpacked. */
    @FunctionalInterface
    public interface Taker {

        /** @return false if no more is needed */
        boolean take(ByteBuffer content) throws IOException;
    }

    private final Frame frame;

    /** {@code null} for the thread's. */
    @CheckForNull
    private final ByteBuffer own;

    private Inflater inflater;
    private boolean empty = true;

    /** @param nested whether what it gets is a piece of another one of the same thread */
    BodyInflater(Frame frame, boolean nested) {
        this.frame = frame;
        this.own = nested ? ByteBuffer.allocate(PIECE) : null;
    }

    /**
     * Unpacks the next bytes; leaves none in the buffer unless no more is needed.
     *
     * @return false if no more is needed
     * @throws ContentCodingException if they make no sense
     */
    boolean write(ByteBuffer bytes, Taker taker) throws IOException {
        empty = empty && !bytes.hasRemaining();
        while (bytes.hasRemaining()) {
            if (inflater == null) {
                if (!frame.begins(bytes)) {
                    return true;
                }
                inflater = new Inflater(frame.isRaw());
            }
            if (!inflater.finished() && !inflate(bytes, taker)) {
                return false;
            }
            if (inflater.finished()) {
                frame.follow(bytes);
                if (frame.beginsAgain()) {
                    inflater.end();
                    inflater = null;
                }
            }
        }
        return true;
    }

    /**
     * There is no more.
     *
     * @throws ContentCodingException if there should be
     */
    void end() throws ContentCodingException {
        boolean over = inflater == null ? empty || frame.isWhole() : inflater.finished() && frame.isWhole();
        if (!over) {
            throw ContentCodingException.broken("it ends too early");
        }
    }

    @Override
    public void close() {
        if (inflater != null) {
            inflater.end();
        }
    }

    private boolean inflate(ByteBuffer bytes, Taker taker) throws IOException {
        ByteBuffer piece = own == null ? PIECES.get() : own;
        inflater.setInput(bytes);
        try {
            while (!inflater.finished()) {
                piece.clear();
                if (inflater.inflate(piece) == 0) {
                    if (inflater.needsDictionary()) {
                        throw ContentCodingException.broken("it needs a dictionary");
                    }
                    return true;
                }
                frame.unpacked(piece.flip());
                if (!taker.take(piece)) {
                    return false;
                }
            }
            return true;
        } catch (DataFormatException e) {
            throw ContentCodingException.broken(MessageText.line(e.getMessage()));
        }
    }
}
