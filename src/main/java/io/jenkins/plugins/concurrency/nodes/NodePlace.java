package io.jenkins.plugins.concurrency.nodes;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.FilePath;
import hudson.model.Computer;
import io.jenkins.plugins.concurrency.agent.RunLocation;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.run.AtomicFile;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a part of a run works.
 *
 * @param location its run directory
 * @param workspace the directory of its commands, as the node's file system names it
 * @param width how many branches it works on at once
 */
record NodePlace(@NonNull RunLocation location, @NonNull String workspace, int width) {

    @NonNull
    static NodePlace of(@NonNull Computer computer, @NonNull FilePath workspace, @NonNull String id) throws IOException {
        return new NodePlace(RunLocation.of(computer, workspace, id), workspace.getRemote(), 0);
    }

    @NonNull
    NodePlace withWidth(int newWidth) {
        return new NodePlace(location, workspace, newWidth);
    }

    private static Path file(RunFiles part) {
        return part.directory().resolve("place.json");
    }

    static boolean isIn(@NonNull RunFiles part) {
        return Files.exists(file(part));
    }

    void write(@NonNull RunFiles part) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("node", location.node());
        json.put("directory", location.directory());
        json.put("workspace", workspace);
        json.put("width", width);
        AtomicFile.write(file(part), Json.write(json));
    }

    @NonNull
    static NodePlace read(@NonNull RunFiles part) throws IOException {
        JsonObject json = JsonObject.parse(Files.readString(file(part)));
        return new NodePlace(
                RunLocation.of(json.string("node"), json.string("directory")),
                json.string("workspace"),
                json.integer("width"));
    }
}
