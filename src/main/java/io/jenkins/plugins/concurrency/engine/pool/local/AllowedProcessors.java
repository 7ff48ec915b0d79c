package io.jenkins.plugins.concurrency.engine.pool.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The processors of an affinity mask, as Linux lists them: {@code 0-3,8}. */
final class AllowedProcessors {

    private static final Path STATUS = Path.of("/proc/self/status");

    private static final String LINE = "Cpus_allowed_list:";

    private AllowedProcessors() {}

    /** Empty where the system does not tell. */
    static List<Integer> ofThisProcess() throws IOException {
        if (!Files.isReadable(STATUS)) {
            return List.of();
        }
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith(LINE)) {
                return parse(line.substring(LINE.length()).strip());
            }
        }
        return List.of();
    }

    static List<Integer> parse(String list) throws IOException {
        List<Integer> processors = new ArrayList<>();
        try {
            for (String range : list.split(",")) {
                int dash = range.indexOf('-');
                int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
                int last = Integer.parseInt(range.substring(dash + 1));
                for (int processor = first; processor <= last; processor++) {
                    processors.add(processor);
                }
            }
        } catch (NumberFormatException e) {
            throw new IOException("not a list of processors: " + list, e);
        }
        return processors;
    }
}
