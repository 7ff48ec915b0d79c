package io.jenkins.plugins.concurrency.engine.process;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A POSIX process group, by which processes are recognised that have left their parent's tree and cleared their
 * environment. Found through {@code /proc} on Linux; elsewhere nothing is found.
 *
 * @param leader the process id of the one that it began with
 */
public record ProcessGroup(long leader) {

    /** The living processes of the group. */
    @NonNull
    public List<ProcessHandle> processes() {
        if (!Files.isDirectory(Path.of("/proc/self"))) {
            return List.of();
        }
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(this::has).toList();
        }
    }

    private boolean has(ProcessHandle process) {
        ProcessStat stat = ProcessStat.of(process.pid());
        return stat != null && stat.group() == leader;
    }
}
