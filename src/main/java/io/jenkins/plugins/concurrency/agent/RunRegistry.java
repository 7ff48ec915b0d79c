package io.jenkins.plugins.concurrency.agent;

import io.jenkins.plugins.concurrency.engine.json.RecordCodec;
import io.jenkins.plugins.concurrency.engine.run.AtomicFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The runs on agents that something may be left of: in memory, and a small file each, so that a controller that was
 * killed finds them again. Thread-safe.
 */
final class RunRegistry {

    private static final Logger LOGGER = Logger.getLogger(RunRegistry.class.getName());

    private static final String SUFFIX = ".json";

    private final Path directory;

    /** By their ids. Guarded by this. */
    private final Map<String, RegisteredRun> runs = new HashMap<>();

    /**
     * Reads what is there; a file that is damaged is removed.
     *
     * @param directory made when first needed
     */
    RunRegistry(Path directory) {
        this.directory = directory;
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            files.forEach(this::read);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "can't read " + directory);
        }
    }

    private void read(Path file) {
        try {
            RegisteredRun run = RecordCodec.read(RegisteredRun.class, file);
            if (!file.equals(file(run.id()))) {
                throw new IOException("it is about " + run.id());
            }
            runs.put(run.id(), run);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "removing the damaged " + file);
            delete(file);
        }
    }

    /**
     * Adds a run or replaces what is known of it.
     *
     * @throws IOException if that can't be written; in memory it is known then all the same
     */
    synchronized void put(RegisteredRun run) throws IOException {
        if (run.equals(runs.put(run.id(), run))) {
            return;
        }
        Files.createDirectories(directory);
        AtomicFile.write(file(run.id()), run);
    }

    /** Forgets a run, if it is known. */
    synchronized void remove(String id) {
        if (runs.remove(id) != null) {
            delete(file(id));
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "can't remove " + file);
        }
    }

    synchronized List<RegisteredRun> all() {
        return new ArrayList<>(runs.values());
    }

    synchronized Collection<String> ids() {
        return new ArrayList<>(runs.keySet());
    }

    synchronized boolean isEmpty() {
        return runs.isEmpty();
    }

    private Path file(String id) {
        return directory.resolve(id + SUFFIX);
    }
}
