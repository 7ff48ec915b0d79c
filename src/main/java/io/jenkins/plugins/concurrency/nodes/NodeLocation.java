package io.jenkins.plugins.concurrency.nodes;

import hudson.FilePath;
import hudson.model.Computer;
import io.jenkins.plugins.concurrency.agent.RunLocation;
import io.jenkins.plugins.concurrency.engine.json.RecordCodec;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a node run works.
 *
 * @param node the name of the node; empty for the built-in one
 * @param directory its run directory
 * @param workspace the directory of its commands, as the node's file system names it
 * @param width how many branches it works on at once
 */
record NodeLocation(String node, String directory, String workspace, int width) {

    static NodeLocation of(Computer computer, FilePath workspace, String id) throws IOException {
        RunLocation location = RunLocation.of(computer, workspace, id);
        return new NodeLocation(location.node(), location.directory(), workspace.getRemote(), 0);
    }

    NodeLocation withWidth(int newWidth) {
        return new NodeLocation(node, directory, workspace, newWidth);
    }

    RunLocation location() {
        return RunLocation.of(node, directory);
    }

    private static Path file(RunFiles nodeRun) {
        return nodeRun.directory().resolve("location.json");
    }

    static boolean isIn(RunFiles nodeRun) {
        return Files.exists(file(nodeRun));
    }

    void write(RunFiles nodeRun) throws IOException {
        AtomicFile.write(file(nodeRun), this);
    }

    static NodeLocation read(RunFiles nodeRun) throws IOException {
        return RecordCodec.read(NodeLocation.class, file(nodeRun));
    }
}
