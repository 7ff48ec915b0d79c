package io.jenkins.plugins.concurrency.engine.journal;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Set;

/**
 * Splits bytes of a journal into entries. An incomplete last line is not read: a process may still be writing it, or
 * was killed. The length of lines is limited, because they come from a machine that is not trusted.
 */
public final class JournalLines {

    /** The longest line in bytes, its line break included: a body of 1 MiB, every character escaped, and room for the rest. */
    public static final int MAX_LINE = 8 * 1024 * 1024;

    /** Receives whole lines. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * @param entry the parsed line
         * @param offset where the line begins, in bytes from the beginning of the journal
         * @param length the line's length in bytes, its line break included
         */
        void visit(JournalEntry entry, long offset, int length) throws IOException;
    }

    /** Receives outcomes. */
    @FunctionalInterface
    public interface OutcomeVisitor {
        void visit(Outcome outcome) throws IOException;
    }

    private JournalLines() {}

    /**
     * Visits the whole lines of a block of a journal.
     *
     * @param block bytes of the journal
     * @param offset where the block begins in the journal
     * @return how many bytes of the block belong to whole lines
     * @throws IOException if a line is no entry, or longer than {@link #MAX_LINE}
     */
    public static int visit(byte[] block, long offset, Visitor visitor) throws IOException {
        return visit(block, block.length, offset, null, visitor);
    }

    /**
     * Visits the whole lines of a journal from an offset on.
     *
     * @param offset where a line begins
     * @return where the last whole line ends
     * @throws IOException if the file can't be read, or a line is no entry or longer than {@link #MAX_LINE}
     */
    public static long visit(Path journal, long offset, Visitor visitor) throws IOException {
        return visit(journal, offset, null, visitor);
    }

    /**
     * As {@link #visit(Path, long, Visitor)}, but reads only some fields of outcomes. Several times as fast.
     *
     * @param wanted names of fields at any depth; must include those that every entry has; {@code null} for all
     */
    public static long visit(
            Path journal, long offset, @CheckForNull Set<String> wanted, Visitor visitor) throws IOException {
        try (InputStream in = Files.newInputStream(journal)) {
            in.skipNBytes(Math.min(offset, Files.size(journal)));
            byte[] block = new byte[128 * 1024];
            int filled = 0;
            long position = offset;
            for (int read; (read = in.read(block, filled, block.length - filled)) >= 0; ) {
                filled += read;
                int consumed = visit(block, filled, position, wanted, visitor);
                System.arraycopy(block, consumed, block, 0, filled - consumed);
                filled -= consumed;
                position += consumed;
                if (filled == block.length) {
                    block = Arrays.copyOf(block, block.length * 2);
                }
            }
            return position;
        }
    }

    /**
     * Visits the first outcome of each branch, in the order in which they ended, in one pass over the file.
     *
     * @param end where to stop: a line that begins here is not read
     * @throws IOException as {@link #visit(Path, long, Visitor)}
     */
    public static void visitOutcomes(Path journal, long end, OutcomeVisitor visitor) throws IOException {
        BitSet seen = new BitSet();
        visit(journal, 0, (entry, offset, length) -> {
            if (entry instanceof JournalEntry.Ended branch && offset < end && !seen.get(branch.outcome().index())) {
                seen.set(branch.outcome().index());
                visitor.visit(branch.outcome());
            }
        });
    }

    private static int visit(
            byte[] block, int length, long offset, @CheckForNull Set<String> wanted, Visitor visitor) throws IOException {
        int begin = 0;
        for (int i = 0; i < length; i++) {
            if (block[i] == '\n') {
                checkLength(i + 1 - begin, offset + begin);
                visitor.visit(parse(block, begin, i - begin, wanted), offset + begin, i + 1 - begin);
                begin = i + 1;
            }
        }
        checkLength(length - begin + 1, offset + begin);
        return begin;
    }

    private static void checkLength(int length, long offset) throws IOException {
        if (length > MAX_LINE) {
            throw new IOException("journal line at " + offset + " is longer than " + MAX_LINE + " bytes");
        }
    }

    /**
     * Reads one entry.
     *
     * @throws IOException if the bytes are no entry
     */
    public static JournalEntry parse(byte[] line, int begin, int length) throws IOException {
        return parse(line, begin, length, null);
    }

    private static JournalEntry parse(byte[] line, int begin, int length, @CheckForNull Set<String> wanted) throws IOException {
        return JournalEntry.fromJson(new JsonObject(
                wanted == null ? Json.parseObject(line, begin, length) : Json.parseObject(line, begin, length, wanted)));
    }
}
