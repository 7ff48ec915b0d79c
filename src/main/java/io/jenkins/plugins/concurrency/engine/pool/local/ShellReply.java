package io.jenkins.plugins.concurrency.engine.pool.local;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The reply of a shell that runs tasks when a task has ended. It has two lines of {@code times}, for the shell and for
 * its children so far, and a line with the exit code.
 *
 * @param exitCode the task's exit code, or {@link #NO_DIRECTORY}
 * @param cpuMillisBefore the processor time of the tasks before it, in milliseconds
 * @param cpuMillis the task's processor time, in milliseconds
 */
public record ShellReply(int exitCode, long cpuMillisBefore, long cpuMillis) {

    /** The task did not start, because its directory does not exist. */
    public static final int NO_DIRECTORY = -1;

    /** Shells differ in the number of decimals. */
    private static final Pattern TIMES = Pattern.compile("(\\d+)m(\\d+)[.,](\\d+)s (\\d+)m(\\d+)[.,](\\d+)s");

    private static final int MILLIS_DIGITS = 3;

    /** Where lines come from. */
    @FunctionalInterface
    public interface Lines {

        /** @return {@code null} at the end */
        @CheckForNull
        String next() throws IOException;
    }

    /** The processor time of all tasks so far, in milliseconds. */
    public long cpuMillisAfter() {
        return cpuMillisBefore + cpuMillis;
    }

    /**
     * Reads a reply.
     *
     * @return {@code null} at the end of the lines
     * @throws IOException if the reply is invalid
     */
    @CheckForNull
    public static ShellReply read(Lines answers, long cpuMillisBefore) throws IOException {
        String own = answers.next();
        String children = answers.next();
        String code = answers.next();
        if (own == null || children == null || code == null) {
            return null;
        }
        if (code.equals("cd")) {
            return new ShellReply(NO_DIRECTORY, cpuMillisBefore, 0);
        }
        Matcher times = TIMES.matcher(children);
        if (!times.matches()) {
            throw new IOException("not a shell's times: " + children);
        }
        try {
            long cpu = millis(times, 1) + millis(times, 4);
            return new ShellReply(Integer.parseInt(code), cpuMillisBefore, Math.max(0, cpu - cpuMillisBefore));
        } catch (NumberFormatException e) {
            throw new IOException("not a shell's reply: " + children + ", " + code, e);
        }
    }

    private static long millis(Matcher times, int group) {
        long seconds = Long.parseLong(times.group(group)) * 60 + Long.parseLong(times.group(group + 1));
        String fraction = (times.group(group + 2) + "000").substring(0, MILLIS_DIGITS);
        return seconds * 1000 + Long.parseLong(fraction);
    }
}
