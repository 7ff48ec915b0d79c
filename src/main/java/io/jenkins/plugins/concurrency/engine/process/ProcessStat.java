package io.jenkins.plugins.concurrency.engine.process;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What {@code /proc} tells about a process on Linux.
 *
 * @param hasEnded whether it is only still listed, for its parent to hear of its end
 * @param group the leader of its process group
 */
record ProcessStat(boolean hasEnded, long group) {

    /** @return {@code null} if it is gone, or this is no Linux */
    @CheckForNull
    static ProcessStat of(long pid) {
        try {
            Path file = Path.of("/proc", Long.toString(pid), "stat");
            String stat = Files.readString(file, StandardCharsets.ISO_8859_1);
            // behind the program's name, which may have blanks in it: state, parent, group
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 4);
            return new ProcessStat(fields[0].equals("Z") || fields[0].equals("X"), Long.parseLong(fields[2]));
        } catch (IOException e) {
            return null;
        }
    }
}
