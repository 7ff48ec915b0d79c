package io.jenkins.plugins.concurrency.engine.names;

import java.util.List;

/** Properties of a path's text, whatever system it is used on. Ignores symbolic links. */
public final class PathText {

    private PathText() {}

    /** Whether a path leads out of the directory that it starts from. */
    public static boolean leadsOut(String path) {
        boolean absolute = path.startsWith("/") || path.startsWith("\\") || path.matches("[A-Za-z]:.*");
        return absolute || List.of(path.split("[/\\\\]")).contains("..");
    }
}
