package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/**
 * The hashes of the archives of classes that were made on agents, which only the controller remembers: whoever works
 * there as the agent's user could change both an archive and what stands beside it. In a file, so that a restart does not
 * cost the archives. Thread-safe.
 */
@Extension
public final class ClassArchives {

    private static final Logger LOGGER = Logger.getLogger(ClassArchives.class.getName());

    /** Those of agents that live for one build are forgotten again. */
    private static final int MAX_NODES = 1_000;

    /** By the names of nodes, what was learned last at the end; {@code null} before the file was read. Guarded by this. */
    private Map<String, String> hashes;

    @NonNull
    static ClassArchives get() {
        return ExtensionList.lookupSingleton(ClassArchives.class);
    }

    /** The hash of a node's archive; {@code null} if none is known. */
    @CheckForNull
    synchronized String of(@NonNull String node) {
        return hashes().get(node);
    }

    /** A node has this archive from now on. */
    synchronized void remember(@NonNull String node, @NonNull String sha256) {
        if (sha256.equals(hashes().remove(node))) {
            hashes.put(node, sha256);
            return;
        }
        hashes.put(node, sha256);
        if (hashes.size() > MAX_NODES) {
            hashes.remove(hashes.keySet().iterator().next());
        }
        try {
            write();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "can't write " + file());
        }
    }

    private Map<String, String> hashes() {
        if (hashes == null) {
            hashes = new LinkedHashMap<>();
            try {
                hashes.putAll(JsonObject.parse(Files.readString(file())).strings("sha256"));
            } catch (NoSuchFileException e) {
                // nothing has been learned yet
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "can't read " + file());
            }
        }
        return hashes;
    }

    private void write() throws IOException {
        Files.createDirectories(file().getParent());
        Path partial = file().resolveSibling("class-archives.partial");
        Files.writeString(partial, Json.write(Map.of("sha256", hashes)));
        Files.move(partial, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path file() {
        return Jenkins.get().getRootDir().toPath().resolve("concurrency-steps").resolve("class-archives.json");
    }
}
