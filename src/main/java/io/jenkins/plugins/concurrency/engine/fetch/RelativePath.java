package io.jenkins.plugins.concurrency.engine.fetch;

import io.jenkins.plugins.concurrency.engine.process.Shell;
import java.util.ArrayList;
import java.util.List;

/** Paths as users write them: relative, separated by {@code /}, and lexically inside the directory they start from. */
final class RelativePath {

    private RelativePath() {}

    /**
     * The path without empty and {@code .} segments; empty for the directory itself.
     *
     * @param parameter what to call it in the message
     * @throws IllegalArgumentException if it is absolute, has a {@code ..} segment or a character that some file
     *     system takes for a separator
     */
    static String normalized(String parameter, String path) {
        if (path.startsWith("/") || path.indexOf('\\') >= 0 || path.indexOf(':') >= 0 || path.indexOf('\0') >= 0) {
            throw outside(parameter, path);
        }
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/")) {
            if (segment.equals("..")) {
                throw outside(parameter, path);
            }
            if (!segment.isEmpty() && !segment.equals(".")) {
                checkName(parameter, path, segment, Shell.local() == Shell.WINDOWS);
                segments.add(segment);
            }
        }
        return String.join("/", segments);
    }

    /** @throws IllegalArgumentException if Windows, where that matters, takes it for something else */
    static void checkName(String parameter, String path, String name, boolean onWindows) {
        if (onWindows && (WindowsNames.isDevice(name) || WindowsNames.isShortened(name))) {
            throw new IllegalArgumentException(parameter + " '" + MessageText.line(path) + "' has a name that Windows"
                    + " takes for another: no device such as 'nul', no dot and no blank at the end");
        }
    }

    private static IllegalArgumentException outside(String parameter, String path) {
        return new IllegalArgumentException(parameter + " '" + MessageText.line(path)
                + "' is not a path inside the workspace: give a relative one with '/' and without '..', ':' and '\\'");
    }
}
