package io.jenkins.plugins.concurrency.engine.pool.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The memory that programs could have without swapping, as Linux estimates it. */
final class AvailableMemory {

    private static final Path MEMINFO = Path.of("/proc/meminfo");

    private static final String LINE = "MemAvailable:";

    private AvailableMemory() {}

    /** @throws IOException where the system does not tell, in one line */
    static long bytes() throws IOException {
        if (Files.isReadable(MEMINFO)) {
            for (String line : Files.readAllLines(MEMINFO)) {
                if (line.startsWith(LINE)) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
        }
        throw new IOException("'memFree' needs a Linux that tells how much memory is available");
    }
}
