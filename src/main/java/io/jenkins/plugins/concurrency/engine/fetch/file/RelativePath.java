package io.jenkins.plugins.concurrency.engine.fetch.file;

import io.jenkins.plugins.concurrency.engine.fetch.http.MessageText;
import io.jenkins.plugins.concurrency.engine.process.MachineShell;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Paths as users write them: relative, separated by {@code /}, and lexically inside their base directory. */
public final class RelativePath {

    /** Names that Windows does not take for files, with any extension. */
    private static final Set<String> DEVICES = Set.of(
            "CON", "PRN", "AUX", "NUL", "COM0", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
            "LPT0", "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9");

    private RelativePath() {}

    /**
     * The path without empty and {@code .} segments. It is empty for the base directory itself.
     *
     * @param parameter the parameter that the message names
     * @throws IllegalArgumentException if the path is absolute, or has a {@code ..} segment or a character that some
     *     file system uses as a separator
     */
    public static String normalized(String parameter, String path) {
        if (path.startsWith("/") || path.indexOf('\\') >= 0 || path.indexOf(':') >= 0 || path.indexOf('\0') >= 0) {
            throw outside(parameter, path);
        }
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/")) {
            if (segment.equals("..")) {
                throw outside(parameter, path);
            }
            if (!segment.isEmpty() && !segment.equals(".")) {
                checkName(parameter, path, segment, MachineShell.local() == MachineShell.WINDOWS);
                segments.add(segment);
            }
        }
        return String.join("/", segments);
    }

    /** Whether a path leads out of the directory where it starts, on any system. Ignores symbolic links. */
    public static boolean leadsOut(String path) {
        boolean absolute = path.startsWith("/") || path.startsWith("\\") || path.matches("[A-Za-z]:.*");
        return absolute || List.of(path.split("[/\\\\]")).contains("..");
    }

    /** @throws IllegalArgumentException if the machine has Windows, which takes the name for something else */
    public static void checkName(String parameter, String path, String name, boolean onWindows) {
        if (onWindows && (isDevice(name) || name.endsWith(".") || name.endsWith(" "))) {
            throw new IllegalArgumentException(parameter + " '" + MessageText.line(path) + "' has a name that Windows"
                    + " takes for another: no device such as 'nul', no dot and no blank at the end");
        }
    }

    /** Whether Windows takes the name for a device, with any extension. */
    static boolean isDevice(String name) {
        int dot = name.indexOf('.');
        String stem = (dot < 0 ? name : name.substring(0, dot)).stripTrailing();
        return DEVICES.contains(stem.toUpperCase(Locale.ROOT));
    }

    private static IllegalArgumentException outside(String parameter, String path) {
        return new IllegalArgumentException(parameter + " '" + MessageText.line(path)
                + "' is not a path inside the workspace: give a relative one with '/' and without '..', ':' and '\\'");
    }
}
