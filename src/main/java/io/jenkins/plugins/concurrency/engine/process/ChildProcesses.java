package io.jenkins.plugins.concurrency.engine.process;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The children of a process, as Linux lists them: quickly, and of all users. */
public final class ChildProcesses {

    private ChildProcesses() {}

    /** Their ids, including zombies; none where they are not known. */
    public static List<Long> of(long parent) {
        List<Long> listed = listed(parent);
        return listed == null ? List.of() : listed;
    }

    /** Whether a process is known to have no child, or none that has not ended. */
    public static boolean haveEnded(long parent) {
        List<Long> listed = listed(parent);
        return listed != null && listed.stream().allMatch(ChildProcesses::hasEnded);
    }

    /** Of a child that nothing can be read about it is not known. */
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
