package io.jenkins.plugins.concurrency.embedded.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Passes whole lines on, each in one piece, so that lines of several writers do not mix. Not thread safe. */
final class LineOutput extends OutputStream {

    private final OutputStream out;
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

    LineOutput(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int end = offset + length;
        int lines = end;
        while (lines > offset && bytes[lines - 1] != '\n') {
            lines--;
        }
        if (lines > offset) {
            begun.write(bytes, offset, lines - offset);
            pass();
        }
        begun.write(bytes, lines, end - lines);
    }

    private void pass() throws IOException {
        byte[] whole = begun.toByteArray();
        begun.reset();
        out.write(whole, 0, whole.length);
    }

    /** Passes on what is left, with a line end; the stream behind stays open. */
    @Override
    public void close() throws IOException {
        if (begun.size() > 0) {
            begun.write('\n');
            pass();
        }
        out.flush();
    }
}
