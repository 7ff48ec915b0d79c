package io.jenkins.plugins.concurrency.engine.pool.local;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.pool.CommandOptions;
import io.jenkins.plugins.concurrency.engine.process.MachineShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The programs at the beginning of a worker's command line that limit it and all that it starts. */
record ResourceLimits(List<String> common, ProcessorPinning pinning) {

    /**
     * The limits that a pool's options ask for.
     *
     * @param warnings receives a line for each option that has no effect on this machine
     * @throws IOException if this machine lacks a program for a limit; with a message of one line
     */
    static ResourceLimits of(CommandOptions options, Consumer<String> warnings) throws IOException {
        List<String> common = new ArrayList<>();
        if (options.nice() > 0) {
            common.addAll(List.of(program("nice", "nice"), "-n", Integer.toString(options.nice())));
        }
        if (options.memory() > 0) {
            long bytes = options.memory() * 1024L * 1024;
            common.addAll(List.of(program("prlimit", "memory"), "--data=" + bytes));
        }
        return new ResourceLimits(common, options.pinned() ? pinning(warnings) : ProcessorPinning.NONE);
    }

    private static String program(String name, String parameter) throws IOException {
        String file = find(name);
        if (file == null) {
            throw new IOException("'" + parameter + "' needs the program " + name + ", which this machine does not have");
        }
        return file;
    }

    @CheckForNull
    private static String find(String name) {
        for (String folder : List.of("/usr/bin/", "/bin/")) {
            if (Files.isExecutable(Path.of(folder + name))) {
                return folder + name;
            }
        }
        return null;
    }

    private static ProcessorPinning pinning(Consumer<String> warnings) throws IOException {
        if (MachineShell.local() == MachineShell.WINDOWS) {
            return ProcessorPinning.onWindows(Runtime.getRuntime().availableProcessors());
        }
        return ProcessorPinning.byTaskset(find("taskset"), AllowedProcessors.ofThisProcess(), warnings);
    }

    /** @param worker the worker's number, from 1 */
    List<String> prefix(int worker) {
        List<String> prefix = new ArrayList<>(common);
        prefix.addAll(pinning.prefix(worker));
        return prefix;
    }

    /**
     * The beginning of a worker's command line that keeps the worker, and all processes that it starts, on one
     * processor. Workers get processors in turn.
     *
     * @param prefixes one for each processor
     */
    record ProcessorPinning(List<List<String>> prefixes) {

        /** No pinning: the system chooses the processors. */
        static final ProcessorPinning NONE = new ProcessorPinning(List.of());

        /** A mask on Windows has no bits for more. Other processors are in another processor group. */
        private static final int MASK_BITS = 64;

        /**
         * Pinning on Linux.
         *
         * @param taskset the program; {@code null} if there is none
         * @param processors the processors that may be used; empty if the system does not tell
         * @param warnings receives a line if there is no pinning
         */
        static ProcessorPinning byTaskset(@CheckForNull String taskset, List<Integer> processors, Consumer<String> warnings) {
            if (taskset == null || processors.isEmpty()) {
                warnings.accept("affinity: 'core' has no effect: this machine has no taskset, or is no Linux");
                return NONE;
            }
            return new ProcessorPinning(processors.stream()
                    .map(processor -> List.of(taskset, "-c", Integer.toString(processor)))
                    .toList());
        }

        /**
         * Pinning with the command {@code start} of Windows' shell. Its first argument in quotes is a title. It opens
         * no window, and returns the exit code.
         */
        static ProcessorPinning onWindows(int processors) {
            List<List<String>> prefixes = new ArrayList<>();
            IntStream.range(0, Math.min(processors, MASK_BITS))
                    .mapToObj(processor -> Long.toHexString(1L << processor))
                    .map(mask -> List.of("cmd.exe", "/d", "/c", "start", "", "/b", "/wait", "/affinity", mask))
                    .forEach(prefixes::add);
            return new ProcessorPinning(prefixes);
        }

        /** @param worker the worker's number, from 1 */
        List<String> prefix(int worker) {
            return prefixes.isEmpty() ? List.of() : prefixes.get((worker - 1) % prefixes.size());
        }
    }

    /** The processors that a process may use, as Linux lists them: {@code 0-3,8}. */
    static final class AllowedProcessors {

        private static final Path STATUS = Path.of("/proc/self/status");

        private static final String LINE = "Cpus_allowed_list:";

        private AllowedProcessors() {}

        /** Empty if the system does not tell. */
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
}
