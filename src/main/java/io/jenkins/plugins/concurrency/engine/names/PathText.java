package io.jenkins.plugins.concurrency.engine.names;

import java.util.List;

/** What the text of a path tells, on whatever system it is to be used; symbolic links are others' business. */
public final class PathText {

    private PathText() {}

    /** Whether a path leads out of the directory that it starts from. */
    public static boolean leadsOut(String path) {
        boolean absolute = path.startsWith("/") || path.startsWith("\\") || path.matches("[A-Za-z]:.*");
        return absolute || List.of(path.split("[/\\\\]")).contains("..");
    }
}
