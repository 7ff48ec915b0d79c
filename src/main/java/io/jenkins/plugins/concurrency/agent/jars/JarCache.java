package io.jenkins.plugins.concurrency.agent.jars;

import io.jenkins.plugins.concurrency.engine.process.FileHash;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The folder on an agent with the jars of supervisors. The name of each is the hash of its content. Used on the machine
 * that has the folder. Any number of processes may use it at once.
 *
 * @param directory is created if it is missing
 */
public record JarCache(Path directory) {

    /** How the name of an incomplete copy ends. */
    static final String PARTIAL = ".partial";

    private static final Logger LOGGER = Logger.getLogger(JarCache.class.getName());

    /** Jars that were used since then are kept: a supervisor of another version may live that long. */
    private static final Duration UNUSED = Duration.ofDays(30);

    /** How exact the time of the last use is. */
    private static final Duration MARKED = Duration.ofDays(7);

    private static final Duration COPYING = Duration.ofDays(1);

    /**
     * Returns the jars that are missing or damaged. The others count as used now. Removes jars that have not been used
     * for a long time.
     *
     * @param names as {@link HashedJar#cacheName} gives them
     * @throws IOException if the folder can't be used
     */
    public ArrayList<String> missing(List<String> names) throws IOException {
        Files.createDirectories(directory);
        ArrayList<String> missing = new ArrayList<>();
        for (String name : names) {
            Path jar = directory.resolve(name);
            if (isWhole(jar)) {
                markUsed(jar);
            } else {
                missing.add(name);
            }
        }
        removeOld(names);
        return missing;
    }

    private static boolean isWhole(Path jar) throws IOException {
        return Files.isRegularFile(jar)
                && new HashedJar(jar, FileHash.cached(jar)).cacheName().equals(jar.getFileName().toString());
    }

    private static void markUsed(Path jar) {
        try {
            // Not each time: an archive of classes is valid only for jars with a certain time.
            if (isOlder(jar, MARKED)) {
                Files.setLastModifiedTime(jar, FileTime.from(Instant.now()));
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> jar + " will look unused");
        }
    }

    private void removeOld(List<String> wanted) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                Duration limit = HashedJar.isCacheName(name) || name.endsWith(".jsa") ? UNUSED : name.endsWith(PARTIAL) ? COPYING : null;
                if (limit != null && !wanted.contains(name)) {
                    removeIfOlder(file, limit);
                }
            }
        }
    }

    private static boolean isOlder(Path file, Duration age) throws IOException {
        return Files.getLastModifiedTime(file).toInstant().isBefore(Instant.now().minus(age));
    }

    private static void removeIfOlder(Path file, Duration limit) {
        try {
            if (isOlder(file, limit)) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "can't remove " + file); // open, or gone already
        }
    }

    /**
     * Gives a complete copy its name, unless there is a complete jar already.
     *
     * @param partial in this folder; may be gone afterwards
     * @param sha256 the hash that its content must have
     * @throws IOException if it has another content, or can't be renamed
     */
    void publish(Path partial, String sha256) throws IOException {
        HashedJar copied = HashedJar.of(partial);
        if (!copied.sha256().equals(sha256)) {
            throw new IOException("a jar was damaged while it was copied to " + directory);
        }
        Path jar = directory.resolve(copied.cacheName());
        if (isWhole(jar)) {
            return;
        }
        try {
            Files.move(partial, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            // On systems where open files can't be replaced: another process may have just created it.
            if (!isWhole(jar)) {
                throw e;
            }
        }
    }
}
