package io.jenkins.plugins.concurrency.engine.fetch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Undoes the codings of a body as it arrives, one after the other. Used by one thread at a time; has to be closed.
 */
final class Unpacking implements AutoCloseable {

    /** What is packed is not packed so well once more; but a little of nothing, over and over, would be. */
    private static final int MAX_EXPANSION = 100;

    /** In bytes; less in between takes no time worth speaking of. */
    private static final long HARMLESS_SIZE = 1024 * 1024;

    /** The one that was given last comes first. */
    private final List<Inflation> inflations = new ArrayList<>();

    private long received;
    private long between;

    /** @param codings the one that was given last at the end; not empty */
    Unpacking(List<ContentCoding> codings) {
        for (int i = codings.size() - 1; i >= 0; i--) {
            inflations.add(codings.get(i).newInflation(!inflations.isEmpty()));
        }
    }

    /** As {@link Inflation#write}. */
    boolean write(ByteBuffer bytes, Inflation.Taker taker) throws IOException {
        received += bytes.remaining();
        return undo(0, bytes, taker);
    }

    private boolean undo(int number, ByteBuffer bytes, Inflation.Taker taker) throws IOException {
        Inflation.Taker next = number == inflations.size() - 1 ? taker : piece -> {
            between += piece.remaining();
            if (between > HARMLESS_SIZE && between / MAX_EXPANSION > received) {
                throw CodingException.broken("it is packed twice and grows beyond measure");
            }
            return undo(number + 1, piece, taker);
        };
        return inflations.get(number).write(bytes, next);
    }

    /** As {@link Inflation#end}. */
    void end() throws CodingException {
        for (Inflation inflation : inflations) {
            inflation.end();
        }
    }

    @Override
    public void close() {
        inflations.forEach(Inflation::close);
    }
}
