package io.jenkins.plugins.concurrency.engine.pool.output;

import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.pool.OutputReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Shows the lines of one command while it runs, after the branch's name, and tells how many it had to leave out. */
final class FollowedOutput implements OutputReader {

    private static final Logger LOGGER = Logger.getLogger(FollowedOutput.class.getName());

    /** Of one command, so that one that writes without end leaves something to the others. */
    private static final int BURST = 1_000;

    private static final int PER_SECOND = 50;

    /** In bytes, for each look. */
    private static final int MAX_LOOK = 1024 * 1024;

    /** How much is looked through for lines when a command has ended, in bytes; a log has no use for them any more. */
    private static final int MAX_REST = 64 * 1024 * 1024;

    private final String prefix;
    private final SecretMask mask;
    private final FollowedLines lines;
    private final FollowedLines.LineBudget budget = new FollowedLines.LineBudget(BURST, PER_SECOND);

    // Guarded by this.
    private final FollowedStream out = new FollowedStream();
    private final FollowedStream err = new FollowedStream();
    private long omitted;
    private boolean complete;

    /** @param name the branch's, in one line and without secrets */
    FollowedOutput(String name, SecretMask mask, FollowedLines lines) {
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
            LOGGER.log(Level.FINE, e, () -> "can't follow " + file); // the command's end has more to say about it
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
        if (!lines.show(prefix + FollowedLines.note(omitted, all))) {
            return false;
        }
        omitted = 0;
        return true;
    }
}
