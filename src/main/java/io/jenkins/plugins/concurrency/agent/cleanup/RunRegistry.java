package io.jenkins.plugins.concurrency.agent.cleanup;

import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.json.RecordCodec;
import io.jenkins.plugins.concurrency.engine.run.file.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
 * The runs that may have something left on agents. Each is in memory and in a small file, so a controller finds them
 * again after it was killed. Thread-safe.
 */
final class RunRegistry {

    private static final Logger LOGGER = Logger.getLogger(RunRegistry.class.getName());

    private static final String SUFFIX = ".json";

    private final Path directory;

    /** By their ids. Guarded by this. */
    private final Map<String, RunRegistration> runs = new HashMap<>();

    /**
     * Reads the files. A damaged file is removed. A file that can't be read now is left to the next controller process.
     *
     * @param directory is created when it is first needed
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
        String text;
        try {
            text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "can't read " + file);
            return;
        }
        try {
            RunRegistration run = RecordCodec.decode(RunRegistration.class, JsonObject.parse(text));
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
     * Adds a run or replaces its registration.
     *
     * @throws IOException if that can't be written; it is still in memory then
     */
    synchronized void put(RunRegistration run) throws IOException {
        if (run.equals(runs.put(run.id(), run))) {
            return;
        }
        Files.createDirectories(directory);
        AtomicFile.write(file(run.id()), run);
    }

    /**
     * Forgets a run, unless it was put again since.
     *
     * @param seen as {@link #all} returned it
     */
    synchronized void remove(RunRegistration seen) {
        if (runs.get(seen.id()) == seen) {
            runs.remove(seen.id());
            delete(file(seen.id()));
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "can't remove " + file);
        }
    }

    synchronized List<RunRegistration> all() {
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
