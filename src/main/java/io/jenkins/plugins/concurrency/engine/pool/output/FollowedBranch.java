package io.jenkins.plugins.concurrency.engine.pool.output;

import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.pool.OutputReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Shows the lines of one command while it runs, after the branch's name, and tells how many it had to leave out. */
final class FollowedBranch implements OutputReader {

    private static final Logger LOGGER = Logger.getLogger(FollowedBranch.class.getName());

    /** The limits of one command, so that a command that never stops writing leaves something to the others. */
    private static final int BURST = 1_000;

    private static final int PER_SECOND = 50;

    /** How much is read at a time, in bytes. */
    private static final int MAX_LOOK = 1024 * 1024;

    /** How much is read at most when a command has ended, in bytes. A log has no use for more lines. */
    private static final int MAX_REST = 64 * 1024 * 1024;

    private final String prefix;
    private final SecretMask mask;
    private final FollowedStep lines;
    private final FollowedStep.LineBudget budget = new FollowedStep.LineBudget(BURST, PER_SECOND);

    // Guarded by this.
    private final FollowedStream out = new FollowedStream();
    private final FollowedStream err = new FollowedStream();
    private long omitted;
    private boolean complete;

    /** @param name the branch's name, in one line and without secrets */
    FollowedBranch(String name, SecretMask mask, FollowedStep lines) {
        this.prefix = "[" + name + "] ";
        this.mask = mask;
        this.lines = lines;
    }

    @Override
    public synchronized void poll(Path stdout, Path stderr) {
        if (!complete) {
            read(out, stdout, MAX_LOOK);
            read(err, stderr, MAX_LOOK);
        }
    }

    @Override
    public synchronized Map<String, Object> complete(Path stdout, Path stderr) {
        complete = true;
        boolean all = read(out, stdout, MAX_REST) & read(err, stderr, MAX_REST);
        out.close(this::line);
        err.close(this::line);
        if (!showOmitted(all)) {
            lines.addOmitted(omitted);
        }
        return Map.of();
    }

    private boolean read(FollowedStream stream, Path file, int most) {
        try {
            return stream.read(file, most, this::line);
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "can't follow " + file); // the end of the command reports it
            return true;
        }
    }

    private synchronized void line(String line) {
        if (!budget.take() || !showOmitted(true) || !lines.show(prefix + mask.text(line))) {
            omitted++;
        }
    }

    private synchronized boolean showOmitted(boolean all) {
        if (omitted == 0 && all) {
            return true;
        }
        if (!lines.show(prefix + FollowedStep.note(omitted, all))) {
            return false;
        }
        omitted = 0;
        return true;
    }

    /** Reads complete lines from a growing file. Not thread-safe. */
    private static final class FollowedStream {

        /** The longest part of a line that is shown, in bytes. */
        static final int MAX_LINE = 4 * 1024;

        private static final int BLOCK = 64 * 1024;

        private static final String CUT = "…";

        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private long offset;
        private boolean cut;
        /** Whether what comes next on the line is written over what is there, as progress bars do. */
        private boolean returned;

        /**
         * Reads what was added to the file.
         *
         * @param most how much to read, in bytes
         * @param lines receives each complete line, without line break; a line that was too long ends in an ellipsis
         * @return whether the end of the file was reached
         * @throws IOException if the file can't be read
         */
        boolean read(Path file, long most, Consumer<String> lines) throws IOException {
            if (file.toFile().length() <= offset) {
                return true; // nothing new, as most of the time
            }
            try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
                in.seek(offset);
                byte[] block = new byte[(int) Math.min(BLOCK, most)];
                for (long left = most; left > 0; ) {
                    int read = in.read(block, 0, (int) Math.min(block.length, left));
                    if (read < 0) {
                        return true;
                    }
                    split(block, read, lines);
                    offset += read;
                    left -= read;
                }
                return offset >= in.length();
            }
        }

        private void split(byte[] block, int length, Consumer<String> lines) {
            int begin = 0;
            for (int i = 0; i < length; i++) {
                if (block[i] == '\n' || block[i] == '\r') {
                    append(block, begin, i);
                    begin = i + 1;
                    returned = block[i] == '\r';
                    if (!returned) {
                        end(lines);
                    }
                }
            }
            append(block, begin, length);
        }

        private void append(byte[] block, int begin, int end) {
            if (returned && begin < end) {
                clear();
            }
            int fits = Math.min(end - begin, MAX_LINE - line.size());
            line.write(block, begin, fits);
            cut |= fits < end - begin;
        }

        private void end(Consumer<String> lines) {
            lines.accept(line.toString(StandardCharsets.UTF_8) + (cut ? CUT : ""));
            clear();
        }

        private void clear() {
            line.reset();
            cut = false;
            returned = false;
        }

        /** Passes on the last line, if it has no line break. Call when the file is complete. */
        void close(Consumer<String> lines) {
            if (line.size() > 0) {
                end(lines);
            }
        }
    }
}
