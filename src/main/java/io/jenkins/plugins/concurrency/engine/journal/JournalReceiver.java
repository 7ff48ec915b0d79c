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
import java.util.function.Consumer;

/**
 * Copies a run's journal line by line as it arrives. It checks each line, because data from another machine is not
 * trusted. Every branch is reported once, even if lines arrive twice. Thread-safe.
 */
public final class JournalReceiver {

    /**
     * The limit, in bytes, of all lines together that say nothing new about the end of a branch: that a process began
     * or was stopped, how much has been fetched, what is known already. A hundred times what any run has needed.
     */
    private static final long MAX_ASIDE = 16L * 1024 * 1024;

    /** A run with a size limit still writes the line that reaches the limit, and those that say how it ended. */
    private static final long OVER_LIMIT = JournalLines.MAX_LINE + 64 * 1024;

    private final Path copy;
    private final Expected expected;
    private final long maxBytes;
    private final Listener listener;

    // Guarded by this.
    private final BitSet ended = new BitSet();

    /** Only for a whole run. The part of one node has few branches, and their indexes are far apart. */
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
     * What the controller knows about a run without asking its agent.
     *
     * @param total how many branches there are; negative if only the agent knows
     * @param all whether the run has all of them from the start; otherwise it gets some of them as it goes on
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

        /** A branch ended. Called once for each branch, in the order of their ends. Must be fast. */
        void branchEnded(Outcome outcome);

        /** The same, for a branch that the copy had already when the receiver was made. */
        default void branchRestored(Outcome outcome) {
            branchEnded(outcome);
        }

        /** So many branches have been fetched, in a run that processes them afterwards. Must be fast. */
        default void fetched(int count) {}

        /** Limits of origins have changed. Must be fast. */
        default void limitsChanged(JournalEntry.Limits limits) {}
    }

    /** No more lines are accepted. This is no error of the agent. */
    public static final class ClosedException extends IOException {
        private static final long serialVersionUID = 1;

        ClosedException() {
            super("nobody waits for the run any more");
        }
    }

    /**
     * Reads what the copy has already, and reports its outcomes again.
     *
     * @param copy the journal in the build directory; an incomplete last line, of a controller that was killed, is
     *     removed
     * @param maxBytes the limit that the run has for its journal; 0 for none
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
            length = JournalLines.visit(copy, 0, (entry, offset, bytes) -> take(entry, offset, bytes, listener::branchRestored));
            cutTo(length);
        }
    }

    /** How much of the journal has been received, in bytes. */
    public synchronized long length() {
        return length;
    }

    /** How many supervisors have worked on the run. */
    public synchronized int starts() {
        return starts;
    }

    /** How many of them were asked to end, and said so in the journal. */
    public synchronized int suspensions() {
        return suspensions;
    }

    /** Whether the last one was. */
    public synchronized boolean isSuspended() {
        return suspended;
    }

    /** The journal's last line; {@code null} if it has not been received. */
    @CheckForNull
    public synchronized JournalEntry.Finished finished() {
        return finished;
    }

    public synchronized boolean hasEnded(int branch) {
        return ended.get(branch);
    }

    /**
     * The index of the copy. For the caller that {@linkplain #close closed} this.
     *
     * @return {@code null} for a part of a run
     */
    @CheckForNull
    public JournalIndex index() {
        return index;
    }

    /**
     * Receives lines.
     *
     * @param offset where they begin; lines that have been received already are skipped
     * @throws ClosedException after {@link #close}
     * @throws JournalWriter.JournalFullException if the journal would be larger than the run may make it
     * @throws IOException if they are not valid, leave a gap, or can't be written
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
            throw new JournalWriter.JournalFullException(maxBytes);
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
        entries.forEach(line -> take(line.entry, line.offset, line.bytes, listener::branchEnded));
    }

    private record Line(JournalEntry entry, long offset, int bytes) {}

    /** Accepts no lines from now on. The copy then belongs to the caller. */
    public synchronized void close() {
        closed = true;
    }

    private void cutTo(long size) throws IOException {
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    /** Checks lines against those that have been received. Guarded by the receiver. */
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

        /** A run that failed as a whole may not have done all of its branches. */
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

    private synchronized void take(JournalEntry entry, long offset, int bytes, Consumer<Outcome> onEnd) {
        if (index != null) {
            index.take(entry, offset, bytes);
        }
        if (entry instanceof JournalEntry.Ended branch && !ended.get(branch.outcome().index())) {
            ended.set(branch.outcome().index());
            onEnd.accept(branch.outcome());
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
        } else if (entry instanceof JournalEntry.Limits limits) {
            listener.limitsChanged(limits);
        }
    }
}
