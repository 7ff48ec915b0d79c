package io.jenkins.plugins.concurrency.engine.process;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

    /** Of the fields behind the program's name, which may have blanks in it: state, parent, group. */
    private static final int GROUP_FIELD = 2;

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
        try {
            Path file = Path.of("/proc", Long.toString(process.pid()), "stat");
            String stat = Files.readString(file, StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return fields[GROUP_FIELD].equals(Long.toString(leader));
        } catch (IOException e) {
            return false; // gone meanwhile
        }
    }
}
