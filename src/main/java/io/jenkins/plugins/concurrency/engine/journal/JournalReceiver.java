package io.jenkins.plugins.concurrency.engine.journal;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Copies a run's journal, line by line as it arrives, after a look at each: what comes from another machine is not
 * trusted. Every branch is reported once, also where lines arrive twice. Thread-safe.
 */
public final class JournalReceiver {

    /** No run has more branches; keeps a bad index from taking the controller's memory. */
    private static final int MAX_BRANCHES = 20_000_000;

    /** A run that is held to a size writes the line that takes it there, and those that say how it ended. */
    private static final long OVER_LIMIT = JournalLines.MAX_LINE + 64 * 1024;

    private final Path copy;
    private final int total;
    private final long maxBytes;
    private final Listener listener;

    // Guarded by this.
    private final BitSet ended = new BitSet();
    private long length;
    private int starts;
    private int suspensions;
    private boolean suspended;
    private JournalEntry.Finished finished;
    private boolean closed;

    /** Hears of what arrives, under the receiver's lock. */
    @FunctionalInterface
    public interface Listener {

        /** A branch has ended. */
        void ended(@NonNull Outcome outcome);

        /** So many have been fetched, of a run that processes what it fetches. */
        default void fetched(int count) {}
    }

    /** Nobody wants any more lines, for which the agent can do nothing. */
    public static final class ClosedException extends IOException {
        private static final long serialVersionUID = 1;

        ClosedException() {
            super("nobody waits for the run any more");
        }
    }

    /** Takes a journal of any size. */
    public JournalReceiver(@NonNull Path copy, int total, @NonNull Listener listener) throws IOException {
        this(copy, total, 0, listener);
    }

    /**
     * Takes up what the copy has already; its outcomes are reported again.
     *
     * @param copy the journal in the build directory; half a line at its end, from a controller that was killed, is cut
     * @param total how many branches the run has; negative if only the agent knows
     * @param maxBytes the size that the run holds its journal to; 0 for none
     * @param listener told of each branch that ended
     * @throws IOException if the copy can't be read
     */
    public JournalReceiver(@NonNull Path copy, int total, long maxBytes, @NonNull Listener listener)
            throws IOException {
        this.copy = copy;
        this.total = total;
        this.maxBytes = maxBytes;
        this.listener = listener;
        if (Files.exists(copy)) {
            length = JournalLines.visit(copy, 0, (entry, offset, bytes) -> take(entry));
            cutTo(length);
        }
    }

    /** How much of the journal is here, in bytes. */
    public synchronized long length() {
        return length;
    }

    /** How many supervisors have worked on the run. */
    public synchronized int starts() {
        return starts;
    }

    /** How many of them were told to end and did so in order. */
    public synchronized int suspensions() {
        return suspensions;
    }

    /** Whether the last one did. */
    public synchronized boolean isSuspended() {
        return suspended;
    }

    /** The journal's last line, or {@code null} before it is there. */
    @CheckForNull
    public synchronized JournalEntry.Finished finished() {
        return finished;
    }

    public synchronized boolean hasEnded(int index) {
        return ended.get(index);
    }

    /**
     * Takes lines.
     *
     * @param offset where they begin; lines that are here already are passed over
     * @throws ClosedException after {@link #close}
     * @throws JournalFullException if there would be more than the run may have written
     * @throws IOException if they are no journal, leave a gap, or can't be written
     */
    public synchronized void receive(long offset, @NonNull byte[] lines) throws IOException {
        if (closed) {
            throw new ClosedException();
        }
        if (offset > length) {
            throw new IOException("journal lines at " + offset + " after " + length);
        }
        int known = (int) Math.min(length - offset, lines.length);
        byte[] news = Arrays.copyOfRange(lines, known, lines.length);
        if (news.length == 0) {
            return;
        }
        if (maxBytes > 0 && length + news.length > maxBytes + OVER_LIMIT) {
            throw new JournalFullException(maxBytes);
        }
        if (finished != null) {
            throw new IOException("journal lines after the last");
        }
        int whole = JournalLines.visit(news, length, (entry, at, bytes) -> check(entry));
        if (whole != news.length) {
            throw new IOException("half a journal line");
        }
        try {
            Files.write(copy, news, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            cutTo(length);
            throw e;
        }
        length += news.length;
        JournalLines.visit(news, length, (entry, at, bytes) -> take(entry));
    }

    /** Takes no lines from now on; the copy belongs to the caller. */
    public synchronized void close() {
        closed = true;
    }

    private void cutTo(long size) throws IOException {
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    private void check(JournalEntry entry) throws IOException {
        int limit = total < 0 ? MAX_BRANCHES : total;
        if (entry instanceof JournalEntry.Ended branch && branch.outcome().index() >= limit) {
            throw new IOException("branch index " + branch.outcome().index() + " of " + limit);
        }
        if (entry instanceof JournalEntry.Finished last && (last.total() < 0 || last.total() > limit)) {
            throw new IOException(last.total() + " branches of " + limit);
        }
        if (entry instanceof JournalEntry.Fetched some && (some.count() < 0 || some.count() > limit)) {
            throw new IOException(some.count() + " fetched of " + limit);
        }
    }

    private synchronized void take(JournalEntry entry) {
        if (entry instanceof JournalEntry.Started) {
            starts++;
            suspended = false;
        } else if (entry instanceof JournalEntry.Suspended) {
            suspensions++;
            suspended = true;
        } else if (entry instanceof JournalEntry.Finished last) {
            finished = last;
        } else if (entry instanceof JournalEntry.Fetched some) {
            listener.fetched(some.count());
        } else if (entry instanceof JournalEntry.Ended branch) {
            Outcome outcome = branch.outcome();
            if (!ended.get(outcome.index())) {
                ended.set(outcome.index());
                listener.ended(outcome);
            }
        }
    }
}
