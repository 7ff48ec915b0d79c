package io.jenkins.plugins.concurrency.engine.journal;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Copies a run's journal line by line as it arrives, and checks each line: data from another machine is not trusted.
 * Every branch is reported once, even if lines arrive twice. Thread-safe.
 */
public final class JournalReceiver {

    /**
     * What lines may take in all, in bytes, that say nothing of a branch's end: that a process began or was stopped, how
     * much has been fetched, what is known already. A hundred times what any run has written.
     */
    private static final long MAX_ASIDE = 16L * 1024 * 1024;

    /** A run that is held to a size writes the line that takes it there, and those that say how it ended. */
    private static final long OVER_LIMIT = JournalLines.MAX_LINE + 64 * 1024;

    private final Path copy;
    private final Expected expected;
    private final long maxBytes;
    private final Listener listener;

    // Guarded by this.
    private final BitSet ended = new BitSet();

    /** Only of a whole run: its parts on several nodes have few branches each, spread over all. */
    @CheckForNull
    private final JournalIndex index;

    private JournalEntry.Finished finished;
    private long length;
    private long aside;
    private int starts;
    private int suspensions;
    private boolean suspended;
    private boolean closed;

    /**
     * What the controller knows of a run without its agent.
     *
     * @param total how many branches there are; negative if only the agent knows
     * @param all whether the run ends with all of them; else it gets some of them while it continues
     */
    public record Expected(int total, boolean all) {

        private int limit() {
            return total < 0 ? BranchPlaces.MAX_BRANCHES : total;
        }

        private boolean isTotal(int ended) {
            return total < 0 || !all || ended == total;
        }
    }

    /** Receives what arrives, under the receiver's lock. */
    @FunctionalInterface
    public interface Listener {

        /** A branch ended; called once for each, in the order of their ends. Quick. */
        void branchEnded(Outcome outcome);

        /** So many branches have been fetched, of a run that processes what it fetches. Quick. */
        default void fetched(int count) {}
    }

    /** No more lines are wanted, which is no fault of the agent. */
    public static final class ClosedException extends IOException {
        private static final long serialVersionUID = 1;

        ClosedException() {
            super("nobody waits for the run any more");
        }
    }

    /**
     * Takes up what the copy has already; its outcomes are reported again.
     *
     * @param copy the journal in the build directory; half a line at its end, from a controller that was killed, is cut
     * @param maxBytes the size that the run holds its journal to; 0 for none
     * @param listener receives each branch that ended
     * @throws IOException if the copy can't be read
     */
    public JournalReceiver(Path copy, Expected expected, long maxBytes, Listener listener) throws IOException {
        this.copy = copy;
        this.expected = expected;
        this.maxBytes = maxBytes;
        this.listener = listener;
        this.index = expected.all() ? JournalIndex.empty(copy) : null;
        if (Files.exists(copy)) {
            length = JournalLines.visit(copy, 0, this::take);
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

    /** How many of them were asked to end and did so in order. */
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

    public synchronized boolean hasEnded(int branch) {
        return ended.get(branch);
    }

    /**
     * Where the outcomes are in the copy, as far as it came through here. For the caller who {@linkplain #close closed}
     * this.
     *
     * @return {@code null} for a part of a run
     */
    @CheckForNull
    public JournalIndex index() {
        return index;
    }

    /**
     * Takes lines.
     *
     * @param offset where they begin; lines that are here already are passed over
     * @throws ClosedException after {@link #close}
     * @throws JournalFullException if there would be more than the run may have written
     * @throws IOException if they are no journal, leave a gap, or can't be written
     */
    public synchronized void receive(long offset, byte[] lines) throws IOException {
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
        if (news.length > JournalLines.MAX_LINE) {
            throw new IOException(news.length + " bytes of a journal at once");
        }
        Check check = new Check();
        List<Line> entries = new ArrayList<>();
        int whole = JournalLines.visit(news, length, (entry, at, bytes) -> {
            check.visit(entry, at, bytes);
            entries.add(new Line(entry, at, bytes));
        });
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
        entries.forEach(line -> take(line.entry, line.offset, line.bytes));
    }

    private record Line(JournalEntry entry, long offset, int bytes) {}

    /** Takes no lines from now on; the copy belongs to the caller. */
    public synchronized void close() {
        closed = true;
    }

    private void cutTo(long size) throws IOException {
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    /** Whether lines are what a run may say after those that are here. Guarded by the receiver. */
    private final class Check implements JournalLines.Visitor {

        private final Set<Integer> news = new HashSet<>();
        private long asideWithThis = aside;

        @Override
        public void visit(JournalEntry entry, long offset, int bytes) throws IOException {
            int limit = expected.limit();
            if (entry instanceof JournalEntry.Ended branch) {
                int number = branch.outcome().index();
                if (number >= limit) {
                    throw new IOException("branch index " + number + " of " + limit);
                }
                if (!ended.get(number) && news.add(number)) {
                    return;
                }
            } else if (entry instanceof JournalEntry.Finished last) {
                checkEnd(last);
            } else if (entry instanceof JournalEntry.Fetched some && (some.count() < 0 || some.count() > limit)) {
                throw new IOException(some.count() + " fetched of " + limit);
            }
            asideWithThis += bytes;
            if (asideWithThis > MAX_ASIDE) {
                throw new IOException("more than " + MAX_ASIDE + " bytes of other lines than branch ends");
            }
        }

        /** A run that failed as a whole may not have got to all of its branches. */
        private void checkEnd(JournalEntry.Finished last) throws IOException {
            int all = ended.cardinality() + news.size();
            boolean isWrong = last.failure() == null
                    ? last.total() != all || !expected.isTotal(all)
                    : last.total() < 0 || last.total() > expected.limit();
            if (isWrong) {
                throw new IOException("the end of " + last.total() + " branches after that of " + all
                        + (expected.total() < 0 ? "" : " of " + expected.total()));
            }
        }
    }

    private synchronized void take(JournalEntry entry, long offset, int bytes) {
        if (index != null) {
            index.take(entry, offset, bytes);
        }
        if (entry instanceof JournalEntry.Ended branch && !ended.get(branch.outcome().index())) {
            ended.set(branch.outcome().index());
            listener.branchEnded(branch.outcome());
            return;
        }
        aside += bytes;
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
        }
    }
}
