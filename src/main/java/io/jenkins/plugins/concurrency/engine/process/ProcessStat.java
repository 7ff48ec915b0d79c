package io.jenkins.plugins.concurrency.engine.process;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The state of a process in {@code /proc} on Linux.
 *
 * @param hasEnded whether it has ended, but its parent has not read its exit status
 * @param group the leader of its process group
 * @param startMillis when it was started, in milliseconds since the system was
 * @param cpuMillis processor time of the process and of the children that it has waited for, in milliseconds
 */
record ProcessStat(boolean hasEnded, long group, long startMillis, long cpuMillis) {

    /** Linux always counts hundredths of a second, whatever its clock ticks are. */
    private static final int TICK_MILLIS = 10;

    /** The position of user, system, children's user and children's system time. */
    private static final int TIMES = 11;

    private static final int START = 19;

    /** @return {@code null} if it is gone, or the system is not Linux */
    @CheckForNull
    static ProcessStat of(long pid) {
        try {
            Path file = Path.of("/proc", Long.toString(pid), "stat");
            String stat = Files.readString(file, StandardCharsets.ISO_8859_1);
            // after the program's name, which may contain blanks: state, parent, group, …
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", START + 2);
            long ticks = 0;
            for (int i = TIMES; i < TIMES + 4; i++) {
                ticks += Long.parseLong(fields[i]);
            }
            boolean ended = fields[0].equals("Z") || fields[0].equals("X");
            long start = Long.parseLong(fields[START]) * TICK_MILLIS;
            return new ProcessStat(ended, Long.parseLong(fields[2]), start, ticks * TICK_MILLIS);
        } catch (IOException e) {
            return null;
        }
    }
}
