package io.jenkins.plugins.concurrency.nodes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.json.RecordCodec;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The nodes that a step asks for. Kept in the build directory, beside the run's spec.
 *
 * @param label the nodes: an expression as for {@code node}
 * @param nodes how many at most
 * @param stash what is unpacked first on each; {@code null} for nothing
 * @param collect which files are copied back from each, a pattern of paths; {@code null} for none
 * @param inDirectory whether they are saved in the step's current directory; otherwise they are archived
 */
public record NodesRequest(
        String label,
        int nodes,
        @CheckForNull String stash,
        @CheckForNull String collect,
        boolean inDirectory) {

    private static Path file(RunFiles run) {
        return run.directory().resolve("nodes.json");
    }

    /** @throws IOException if it can't be written */
    public void write(RunFiles run) throws IOException {
        AtomicFile.write(file(run), this);
    }

    /** Whether a list of branches can be in a file: in the step's current directory or, outside {@code node}, in the stash. */
    public boolean hasFiles() {
        return inDirectory || stash != null;
    }

    /** @throws IOException if there is none, or it can't be read */
    public static NodesRequest read(RunFiles run) throws IOException {
        return RecordCodec.read(NodesRequest.class, file(run));
    }
}
