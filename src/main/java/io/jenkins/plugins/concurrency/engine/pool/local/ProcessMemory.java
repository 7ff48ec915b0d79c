package io.jenkins.plugins.concurrency.engine.pool.local;

import io.jenkins.plugins.concurrency.engine.process.ChildProcesses;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The memory of processes, as Linux reports it. Unknown on other systems. */
final class ProcessMemory {

    private static final String PEAK = "VmHWM:";

    private ProcessMemory() {}

    /** The highest peak memory of a process' descendants so far, in KiB; 0 if it is not known. */
    static long peakKbBelow(long parent) {
        long peak = 0;
        for (long child : ChildProcesses.of(parent)) {
            peak = Math.max(peak, peakKbOfTree(child));
        }
        return peak;
    }

    /** The same for the process and its descendants. */
    static long peakKbOfTree(long process) {
        return Math.max(peakKb(process), peakKbBelow(process));
    }

    private static long peakKb(long pid) {
        try {
            String status = Files.readString(Path.of("/proc", "" + pid, "status"), StandardCharsets.ISO_8859_1);
            int line = status.indexOf(PEAK);
            return line < 0
                    ? 0
                    : Long.parseLong(status.substring(line + PEAK.length(), status.indexOf("kB", line)).strip());
        } catch (IOException e) {
            return 0;
        }
    }
}
