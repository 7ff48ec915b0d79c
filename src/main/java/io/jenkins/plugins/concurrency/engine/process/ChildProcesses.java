package io.jenkins.plugins.concurrency.engine.process;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The children of a process from Linux' own list. It is fast, and has the processes of all users. */
public final class ChildProcesses {

    private ChildProcesses() {}

    /** Their ids, including zombies; none if they are not known. */
    public static List<Long> of(long parent) {
        List<Long> listed = listed(parent);
        return listed == null ? List.of() : listed;
    }

    /** Whether it is known that all children of a process have ended. */
    public static boolean haveEnded(long parent) {
        List<Long> listed = listed(parent);
        return listed != null && listed.stream().allMatch(ChildProcesses::hasEnded);
    }

    /** False if nothing about the child can be read. */
    private static boolean hasEnded(long child) {
        ProcessStat stat = ProcessStat.of(child);
        return stat != null && stat.hasEnded();
    }

    @CheckForNull
    private static List<Long> listed(long pid) {
        try {
            String children = Files.readString(Path.of("/proc", "" + pid, "task", "" + pid, "children"));
            return Stream.of(children.strip().split(" ")).filter(id -> !id.isEmpty()).map(Long::valueOf).toList();
        } catch (IOException e) {
            return null; // gone, or a system that does not tell
        }
    }
}
