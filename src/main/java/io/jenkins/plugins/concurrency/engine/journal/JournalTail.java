package io.jenkins.plugins.concurrency.engine.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Sends whole lines that are appended to a journal to a receiver. Not thread-safe. */
public final class JournalTail {

    private static final int BLOCK = 256 * 1024;

    /**
     * What Remoting sends in one message (a WebSocket's message has at most 8 KiB). With a larger block, the next
     * message waits until the receiver's system acknowledges the first one. That takes 40 ms if the receiver has
     * nothing to send.
     */
    private static final int PIECE = 6 * 1024;

    /** If there is more, it is sent in large blocks. */
    private static final int FEW_PIECES = 10 * PIECE;

    /** If an answer takes longer, the receiver is far away, and another call costs more time than that wait. */
    private static final long NEAR_NANOS = TimeUnit.MILLISECONDS.toNanos(8);

    /** After this time other journals have their turn. A call that is running is finished first. */
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final byte[] FINISHED = "{\"finished\":".getBytes(StandardCharsets.UTF_8);
    private static final byte[] SUSPENDED = "{\"suspended\":".getBytes(StandardCharsets.UTF_8);

    @FunctionalInterface
    public interface Receiver {
        /**
         * @param offset where the lines begin in the journal, in bytes
         * @param lines the lines, with their line breaks
         * @throws IOException if they can't be received; they are sent again next time
         */
        void lines(long offset, byte[] lines) throws IOException;
    }

    private final Path journal;
    private long offset;
    private boolean finished;
    private boolean suspended;
    private boolean near = true;

    /** @param offset where to begin, in bytes; a line begins there */
    public JournalTail(Path journal, long offset) {
        this.journal = journal;
        this.offset = offset;
    }

    /** Whether the last line means that the run is over: nothing comes after it. */
    public boolean isFinished() {
        return finished;
    }

    /** Whether the last line says that the process ends before the run is over. */
    public boolean isSuspended() {
        return suspended;
    }

    /**
     * Sends the lines that have been completed since the last time. Stops after some milliseconds.
     *
     * @return whether all lines were sent
     * @throws IOException if the journal can't be read, has a line longer than {@link JournalLines#MAX_LINE}, or the
     *     receiver fails
     */
    public boolean deliver(Receiver receiver) throws IOException {
        if (journal.toFile().length() <= offset) {
            return true; // not there yet, or nothing new; most looks end here
        }
        try (RandomAccessFile in = new RandomAccessFile(journal.toFile(), "r")) {
            long begin = System.nanoTime();
            int size = 0;
            for (long left; (left = in.length() - offset) > 0; ) {
                size = size > 0 ? size : near && left <= FEW_PIECES ? PIECE : BLOCK;
                byte[] block = new byte[(int) Math.min(left, size)];
                in.seek(offset);
                in.readFully(block);
                int whole = endOfLastLine(block, block.length);
                if (whole > 0) {
                    forward(Arrays.copyOf(block, whole), receiver);
                    finished = isLast(FINISHED, block, whole);
                    suspended = isLast(SUSPENDED, block, whole);
                    size = 0;
                    if (System.nanoTime() - begin >= TURN_NANOS && in.length() > offset) {
                        return false;
                    }
                } else if (block.length >= JournalLines.MAX_LINE) {
                    throw new IOException(
                            "journal line at " + offset + " is longer than " + JournalLines.MAX_LINE + " bytes");
                } else if (block.length < size) {
                    return true; // a line that is still being written
                } else {
                    size = Math.min(size * 2, JournalLines.MAX_LINE);
                }
            }
        }
        return true;
    }

    private void forward(byte[] lines, Receiver receiver) throws IOException {
        long begin = System.nanoTime();
        receiver.lines(offset, lines);
        offset += lines.length;
        if (lines.length <= PIECE) {
            near = System.nanoTime() - begin < NEAR_NANOS;
        }
    }

    private static boolean isLast(byte[] kind, byte[] block, int end) {
        int begin = endOfLastLine(block, end - 1);
        return Arrays.equals(block, begin, Math.min(begin + kind.length, end), kind, 0, kind.length);
    }

    private static int endOfLastLine(byte[] block, int length) {
        for (int i = length - 1; i >= 0; i--) {
            if (block[i] == '\n') {
                return i + 1;
            }
        }
        return 0;
    }
}
