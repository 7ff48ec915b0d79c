package io.jenkins.plugins.concurrency.engine.pool.local;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The reply of a {@link ResidentShell} when a task has ended: two lines of {@code times}, about itself and about its
 * children so far, and one with the exit code.
 *
 * @param exitCode the task's, or {@link #NO_DIRECTORY}
 * @param cpuMillisBefore processor time of the tasks before it, in milliseconds
 * @param cpuMillis its own
 */
record ShellReply(int exitCode, long cpuMillisBefore, long cpuMillis) {

    /** The task was not started, for its directory is not there. */
    static final int NO_DIRECTORY = -1;

    private static final Pattern TIMES = Pattern.compile("(\\d+)m(\\d+)[.,](\\d{3})s (\\d+)m(\\d+)[.,](\\d{3})s");

    /**
     * Reads one.
     *
     * @return {@code null} at the end
     * @throws IOException if it is none
     */
    @CheckForNull
    static ShellReply read(BufferedReader answers, long cpuMillisBefore) throws IOException {
        String own = answers.readLine();
        String children = answers.readLine();
        String code = answers.readLine();
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
        long cpu = millis(times, 1) + millis(times, 4);
        try {
            return new ShellReply(Integer.parseInt(code), cpuMillisBefore, Math.max(0, cpu - cpuMillisBefore));
        } catch (NumberFormatException e) {
            throw new IOException("not an exit code: " + code, e);
        }
    }

    private static long millis(Matcher times, int group) throws IOException {
        try {
            long seconds = Long.parseLong(times.group(group)) * 60 + Long.parseLong(times.group(group + 1));
            return seconds * 1000 + Long.parseLong(times.group(group + 2));
        } catch (NumberFormatException e) {
            throw new IOException("not a shell's times: " + times.group(), e);
        }
    }
}
