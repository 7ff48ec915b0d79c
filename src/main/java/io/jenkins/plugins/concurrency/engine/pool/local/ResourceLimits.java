package io.jenkins.plugins.concurrency.engine.pool.local;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.pool.CommandOptions;
import io.jenkins.plugins.concurrency.engine.process.CommandShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The programs at the beginning of a worker's command line that limit it and all that it starts. */
record ResourceLimits(List<String> common, ProcessorPinning pinning) {

    /**
     * Those that a pool asks for.
     *
     * @param warnings receives a line for what has no effect on this machine
     * @throws IOException if this machine lacks a program for one of them, in one line
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
        if (CommandShell.local() == CommandShell.WINDOWS) {
            return ProcessorPinning.onWindows(Runtime.getRuntime().availableProcessors());
        }
        return ProcessorPinning.byTaskset(find("taskset"), AllowedProcessors.ofThisProcess(), warnings);
    }

    /** @param worker its number, from 1 */
    List<String> prefix(int worker) {
        List<String> prefix = new ArrayList<>(common);
        prefix.addAll(pinning.prefix(worker));
        return prefix;
    }
}
