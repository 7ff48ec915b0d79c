package io.jenkins.plugins.concurrency.engine.run;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/** Ends the reading of a text with a line so long that whoever collects it would run out of memory. */
final class LimitedLines extends FilterReader {

    /** The message says how long a line may be. */
    static final class TooLongException extends IOException {

        private static final long serialVersionUID = 1L;

        private TooLongException(String message) {
            super(message);
        }
    }

    private final int limit;
    private int length;

    /** @param limit in characters, give or take what is read at once */
    LimitedLines(@NonNull Reader text, int limit) {
        super(text);
        this.limit = limit;
    }

    @Override
    public int read() throws IOException {
        char[] one = new char[1];
        return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(char[] into, int offset, int most) throws IOException {
        int count = super.read(into, offset, most);
        for (int i = offset + count - 1; i >= offset; i--) {
            if (into[i] == '\n') {
                length = offset + count - 1 - i;
                return count;
            }
        }
        length += Math.max(count, 0);
        if (length > limit) {
            throw new TooLongException("a line is longer than " + limit + " characters");
        }
        return count;
    }
}
