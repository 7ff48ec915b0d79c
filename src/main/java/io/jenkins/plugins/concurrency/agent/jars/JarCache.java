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
 * The folder on an agent with supervisors' jars, each named by its content's hash. Works on the machine where the
 * folder is. Any number of processes may use one at once.
 *
 * @param directory made if missing
 */
public record JarCache(Path directory) {

    /** The name's end of a copy that is not complete. */
    static final String PARTIAL = ".partial";

    private static final Logger LOGGER = Logger.getLogger(JarCache.class.getName());

    /** A supervisor of another version may be alive for long; it was started after the last use. */
    private static final Duration UNUSED = Duration.ofDays(30);

    /** How exact the time of the last use is. */
    private static final Duration MARKED = Duration.ofDays(7);

    private static final Duration COPYING = Duration.ofDays(1);

    /**
     * Tells which jars are not there or are damaged; the others count as used now. Jars that nobody has used for long
     * are removed.
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
            // Not each time: archives of classes are made for jars of a certain time.
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
     * Gives a complete copy its name, unless a whole one has it already.
     *
     * @param partial in this folder; may be gone afterwards
     * @param sha256 what its content must have
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
            // Where an open file can't be replaced, another process may just have put it there.
            if (!isWhole(jar)) {
                throw e;
            }
        }
    }
}
