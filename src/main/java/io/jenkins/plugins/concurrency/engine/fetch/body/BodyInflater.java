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

    /** One for each I/O thread. The thread uses up what is in the buffer before it does anything else. */
    private static final ThreadLocal<ByteBuffer> PIECES = ThreadLocal.withInitial(() -> ByteBuffer.allocate(PIECE));

    /** The format around the compressed content. */
    interface Frame {

        /** Whether the content is raw: without zlib's header and checksum. */
        boolean isRaw();

        /**
         * Takes the bytes before the content.
         *
         * @return whether the content begins at the buffer's position; otherwise the buffer is empty
         */
        boolean begins(ByteBuffer bytes) throws ContentCodingException;

        /** Called with each decompressed piece of the content. */
        void unpacked(ByteBuffer content);

        /** Takes the bytes after the content. */
        void follow(ByteBuffer bytes) throws ContentCodingException;

        /** Whether more content may follow, with a header of its own. */
        boolean beginsAgain();

        /** Whether all bytes after the content have arrived. */
        boolean isWhole();
    }

    /** Takes the decompressed content. */
    @FunctionalInterface
    public interface Taker {

        /** @return false if no more is needed */
        boolean take(ByteBuffer content) throws IOException;
    }

    private final Frame frame;

    /** {@code null} to use the thread's buffer. */
    @CheckForNull
    private final ByteBuffer own;

    private Inflater inflater;
    private boolean empty = true;

    /** @param nested whether its input is a piece from another inflater of the same thread */
    BodyInflater(Frame frame, boolean nested) {
        this.frame = frame;
        this.own = nested ? ByteBuffer.allocate(PIECE) : null;
    }

    /**
     * Decompresses the next bytes. Leaves none in the buffer, unless no more is needed.
     *
     * @return false if no more is needed
     * @throws ContentCodingException if the bytes are invalid
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
     * Called when no more bytes come.
     *
     * @throws ContentCodingException if the body is incomplete
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
