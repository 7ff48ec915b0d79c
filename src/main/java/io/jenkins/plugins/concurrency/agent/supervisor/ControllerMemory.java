package io.jenkins.plugins.concurrency.agent.supervisor;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.run.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/**
 * Stores some texts by name in a file of the controller, so that they survive a restart. The oldest are removed when
 * there are too many, because each agent that lives for one build leaves one. Thread-safe; may write a file.
 */
final class ControllerMemory {

    private static final Logger LOGGER = Logger.getLogger(ControllerMemory.class.getName());

    private static final int MAX_NAMES = 1_000;

    private final String subject;

    /** The newest is the last one; {@code null} before the file was read. Guarded by this. */
    private Map<String, String> texts;

    /** @param subject names the file */
    ControllerMemory(String subject) {
        this.subject = subject;
    }

    /** Returns {@code null} if there is no such text. */
    @CheckForNull
    synchronized String get(String name) {
        return texts().get(name);
    }

    synchronized void put(String name, String text) {
        String before = texts().remove(name);
        texts.put(name, text);
        if (text.equals(before)) {
            return;
        }
        if (texts.size() > MAX_NAMES) {
            texts.remove(texts.keySet().iterator().next());
        }
        try {
            write();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "can't write " + file());
        }
    }

    private Map<String, String> texts() {
        if (texts == null) {
            texts = new LinkedHashMap<>();
            try {
                texts.putAll(JsonObject.parse(Files.readString(file())).strings(subject));
            } catch (NoSuchFileException e) {
                // nothing has been stored yet
            } catch (IOException | RuntimeException e) {
                LOGGER.log(Level.WARNING, e, () -> "can't read " + file());
            }
        }
        return texts;
    }

    private void write() throws IOException {
        Files.createDirectories(file().getParent());
        AtomicFile.write(file(), Json.write(Map.of(subject, texts)));
    }

    private Path file() {
        return Jenkins.get().getRootDir().toPath().resolve("concurrency-steps").resolve(subject + ".json");
    }
}
