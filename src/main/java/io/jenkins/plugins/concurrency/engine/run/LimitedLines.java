package io.jenkins.plugins.concurrency.engine.run;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/** Ends the reading of a text with a line so long that whoever collects it would run out of memory. */
final class LimitedLines extends FilterReader {

    /** In characters; a line may have a request's whole body in it. */
    static final int MAX_LINE = 8 * 1024 * 1024;

    /** The message says how long a line may be. */
    static final class TooLongException extends IOException {

        private static final long serialVersionUID = 1L;

        private TooLongException(String message) {
            super(message);
        }
    }

    private int length;

    /** Lines have {@link #MAX_LINE} characters at most, give or take what is read at once. */
    LimitedLines(Reader text) {
        super(text);
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
        if (length > MAX_LINE) {
            throw new TooLongException("a line is longer than " + MAX_LINE + " characters");
        }
        return count;
    }
}
