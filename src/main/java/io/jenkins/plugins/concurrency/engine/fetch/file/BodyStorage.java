package io.jenkins.plugins.concurrency.engine.fetch.file;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * Where bodies are saved.
 *
 * @param base the directory that no file may leave. Paths in results are relative to it. It is a text, because it may
 *     be written on another kind of system than it is used on. {@code null} if there is none (on the controller):
 *     branches that name files are invalid then
 * @param toDir the directory below {@code base} that gets a file for each branch, and to which a branch's own {@code
 *     file} is relative; {@code null} to return bodies as text unless a branch names a file
 * @param maxBytes the largest body; 0 for no limit on files. Text has the further limit {@code maxText}
 * @param maxText the largest body that is returned as text, in bytes
 * @param onExisting what happens to existing files
 */
public record BodyStorage(
        @CheckForNull String base,
        @CheckForNull String toDir,
        long maxBytes,
        int maxText,
        OnExisting onExisting) {

    /** The default of {@code maxText}. */
    public static final int MAX_TEXT = 1024 * 1024;

    public BodyStorage {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("maxBytes " + maxBytes + " is negative: give 0 (no limit) or more");
        }
        if (maxText < 1) {
            throw new IllegalArgumentException("maxText " + maxText + " is less than 1");
        }
        if (toDir != null) {
            toDir = normalized(toDir, base);
        }
    }

    /** With the default limit for texts. */
    public BodyStorage(@CheckForNull String base, @CheckForNull String toDir, long maxBytes, OnExisting onExisting) {
        this(base, toDir, maxBytes, MAX_TEXT, onExisting);
    }

    /** Replaces existing files. Has the default limit for texts. */
    public BodyStorage(@CheckForNull String base, @CheckForNull String toDir, long maxBytes) {
        this(base, toDir, maxBytes, OnExisting.OVERWRITE);
    }

    private static String normalized(String toDir, @CheckForNull String base) {
        if (base == null) {
            throw new IllegalArgumentException("toDir '" + toDir + "' needs a workspace: run the step inside 'node'");
        }
        return RelativePath.normalized("toDir", toDir);
    }
}
