package io.jenkins.plugins.concurrency.engine.pool.local;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * The beginning of a worker's command line that keeps it, and all that it starts, on one processor. Workers take
 * processors in turn.
 *
 * @param prefixes one for each processor
 */
record ProcessorPinning(List<List<String>> prefixes) {

    /** Workers go where the system wants them. */
    static final ProcessorPinning NONE = new ProcessorPinning(List.of());

    /** A mask of Windows has no bits for more; others are in another group of processors. */
    private static final int MASK_BITS = 64;

    /**
     * On Linux.
     *
     * @param taskset the program, or {@code null} where there is none
     * @param processors those that may be used; empty where the system does not tell
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

    /** By the shell's own command, whose first argument in quotes is a title. Without a window, and with its exit code. */
    static ProcessorPinning onWindows(int processors) {
        List<List<String>> prefixes = new ArrayList<>();
        IntStream.range(0, Math.min(processors, MASK_BITS))
                .mapToObj(processor -> Long.toHexString(1L << processor))
                .map(mask -> List.of("cmd.exe", "/d", "/c", "start", "", "/b", "/wait", "/affinity", mask))
                .forEach(prefixes::add);
        return new ProcessorPinning(prefixes);
    }

    /** @param worker its number, from 1 */
    List<String> prefix(int worker) {
        return prefixes.isEmpty() ? List.of() : prefixes.get((worker - 1) % prefixes.size());
    }
}
