package io.jenkins.plugins.concurrency.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Processor time as Linux counts it, in steps of 10 ms. */
public final class CpuTime {

    private static final Path STAT = Path.of("/proc/self/stat");
    private static final double TICKS_A_SECOND = 100;

    // Places of the fields after the command's name, see proc(5).
    private static final int USER = 11;
    private static final int FIELDS_OF_ITSELF = 2;
    private static final int FIELDS_WITH_CHILDREN = 4;

    private CpuTime() {}

    /** Seconds of this process' children that have ended, and of theirs; NaN where the system does not tell. */
    public static double ofChildren() {
        return sum(USER + FIELDS_OF_ITSELF, USER + FIELDS_WITH_CHILDREN);
    }

    /** Seconds of this process and of its children that have ended; NaN where the system does not tell. */
    public static double withChildren() {
        return sum(USER, USER + FIELDS_WITH_CHILDREN);
    }

    private static double sum(int from, int to) {
        try {
            String stat = Files.readString(STAT);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long ticks = 0;
            for (int i = from; i < to; i++) {
                ticks += Long.parseLong(fields[i]);
            }
            return ticks / TICKS_A_SECOND;
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
