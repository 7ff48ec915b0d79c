package io.jenkins.plugins.concurrency.engine.fetch.body;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes the content codings of a body as it arrives, one after the other. Used by one thread at a time; has to be
 * closed.
 */
public final class BodyDecoder implements AutoCloseable {

    /**
     * The limit for data between two codings: so many times the received bytes. Compressed data can hardly be
     * compressed again, unless it is a long repetition of very little.
     */
    private static final int MAX_EXPANSION = 100;

    /** In bytes. Less data than this between two codings takes very little time. */
    private static final long HARMLESS_SIZE = 1024 * 1024;

    /** In the order of decoding: the coding that was applied last comes first. */
    private final List<BodyInflater> inflations = new ArrayList<>();

    private long received;
    private long between;

    /** @param codings in the order in which they were applied; not empty */
    public BodyDecoder(List<ContentCoding> codings) {
        for (int i = codings.size() - 1; i >= 0; i--) {
            inflations.add(codings.get(i).newInflation(!inflations.isEmpty()));
        }
    }

    /** As {@link BodyInflater#write}. */
    public boolean write(ByteBuffer bytes, BodyInflater.Taker taker) throws IOException {
        received += bytes.remaining();
        return undo(0, bytes, taker);
    }

    private boolean undo(int number, ByteBuffer bytes, BodyInflater.Taker taker) throws IOException {
        BodyInflater.Taker next = number == inflations.size() - 1 ? taker : piece -> {
            between += piece.remaining();
            if (between > HARMLESS_SIZE && between / MAX_EXPANSION > received) {
                throw ContentCodingException.broken("it is compressed twice and far too large when decompressed");
            }
            return undo(number + 1, piece, taker);
        };
        return inflations.get(number).write(bytes, next);
    }

    /** As {@link BodyInflater#end}. */
    public void end() throws ContentCodingException {
        for (BodyInflater inflation : inflations) {
            inflation.end();
        }
    }

    @Override
    public void close() {
        inflations.forEach(BodyInflater::close);
    }
}
