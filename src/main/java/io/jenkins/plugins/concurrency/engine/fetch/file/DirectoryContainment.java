package io.jenkins.plugins.concurrency.engine.fetch.file;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Tells whether directories are really inside a base directory, with all links resolved. A directory may be replaced by
 * a link at any time, so it checks each time. For a directory that has not changed, this costs one system call.
 * Thread-safe.
 */
public final class DirectoryContainment {

    private static final int MAX_REMEMBERED = 1_000;

    private final Path base;
    private final ConcurrentMap<Path, Object> inside = new ConcurrentHashMap<>();

    public DirectoryContainment(Path base) {
        this.base = base;
    }

    /**
     * Whether an existing directory is the base directory or below it.
     *
     * @throws IOException if the file system can't tell
     */
    public boolean holds(Path directory) throws IOException {
        Object identity = identity(directory);
        if (identity != null && identity.equals(inside.get(directory))) {
            return true;
        }
        if (!directory.toRealPath().startsWith(base.toRealPath())) {
            return false;
        }
        if (identity == null) {
            return true;
        }
        boolean same = identity.equals(identity(directory));
        if (same && inside.size() < MAX_REMEMBERED) {
            inside.put(directory, identity);
        }
        return same;
    }

    /**
     * The nearest directory that exists: this one or one above it. A dangling link counts as existing, because a
     * directory made through it would also be outside the base directory.
     */
    public static Path nearestExisting(Path directory) {
        Path existing = directory;
        while (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
            existing = existing.getParent();
        }
        return existing;
    }

    /** A key that no other directory has; {@code null} if the file system has no such keys. */
    @CheckForNull
    private static Object identity(Path directory) throws IOException {
        return Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
    }
}
