package io.jenkins.plugins.concurrency.engine.pool.local;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.pool.CommandOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Logger;

/** The programs that a worker's command line begins with, so that it and all that it starts has certain limits. */
final class WorkerLimits {

    private static final Logger LOGGER = Logger.getLogger(WorkerLimits.class.getName());

    private final List<String> common;

    /** Empty if no worker is pinned. */
    private final List<Integer> processors;

    private WorkerLimits(List<String> common, List<Integer> processors) {
        this.common = common;
        this.processors = processors;
    }

    /**
     * Those that a pool asks for.
     *
     * @throws IOException if this machine lacks a program for one of them, in one line
     */
    static WorkerLimits of(@NonNull CommandOptions options) throws IOException {
        List<String> common = new ArrayList<>();
        if (options.nice() > 0) {
            common.addAll(List.of(program("nice", "nice"), "-n", Integer.toString(options.nice())));
        }
        if (options.memoryMb() > 0) {
            long bytes = options.memoryMb() * 1024L * 1024;
            common.addAll(List.of(program("prlimit", "memory"), "--data=" + bytes));
        }
        return new WorkerLimits(common, options.pinned() ? processors() : List.of());
    }

    private static String program(String name, String parameter) throws IOException {
        String file = find(name);
        if (file == null) {
            throw new IOException("'" + parameter + "' needs the program " + name + ", which this machine has not");
        }
        return file;
    }

    private static String find(String name) {
        for (String folder : List.of("/usr/bin/", "/bin/")) {
            if (Files.isExecutable(Path.of(folder + name))) {
                return folder + name;
            }
        }
        return null;
    }

    private static List<Integer> processors() throws IOException {
        List<Integer> allowed = AllowedProcessors.ofThisProcess();
        if (allowed.isEmpty() || find("taskset") == null) {
            LOGGER.warning("affinity: 'core' has no effect: this machine has no taskset, or is no Linux");
            return List.of();
        }
        return allowed;
    }

    /** @param worker its number, from 1 */
    List<String> prefix(int worker) {
        List<String> prefix = new ArrayList<>(common);
        if (!processors.isEmpty()) {
            int processor = processors.get((worker - 1) % processors.size());
            prefix.addAll(List.of(find("taskset"), "-c", Integer.toString(processor)));
        }
        return prefix;
    }
}
