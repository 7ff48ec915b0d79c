package io.jenkins.plugins.concurrency.nodes;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.FilePath;
import hudson.model.Computer;
import io.jenkins.plugins.concurrency.agent.RunLocation;
import io.jenkins.plugins.concurrency.engine.json.RecordCodec;
import io.jenkins.plugins.concurrency.engine.run.AtomicFile;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a part of a run works.
 *
 * @param node the name of the node; empty for the built-in one
 * @param directory its run directory
 * @param workspace the directory of its commands, as the node's file system names it
 * @param width how many branches it works on at once
 */
record NodePlace(@NonNull String node, @NonNull String directory, @NonNull String workspace, int width) {

    @NonNull
    static NodePlace of(@NonNull Computer computer, @NonNull FilePath workspace, @NonNull String id) throws IOException {
        RunLocation location = RunLocation.of(computer, workspace, id);
        return new NodePlace(location.node(), location.directory(), workspace.getRemote(), 0);
    }

    @NonNull
    NodePlace withWidth(int newWidth) {
        return new NodePlace(node, directory, workspace, newWidth);
    }

    @NonNull
    RunLocation location() {
        return RunLocation.of(node, directory);
    }

    private static Path file(RunFiles part) {
        return part.directory().resolve("place.json");
    }

    static boolean isIn(@NonNull RunFiles part) {
        return Files.exists(file(part));
    }

    void write(@NonNull RunFiles part) throws IOException {
        AtomicFile.write(file(part), this);
    }

    @NonNull
    static NodePlace read(@NonNull RunFiles part) throws IOException {
        return RecordCodec.read(NodePlace.class, file(part));
    }
}
