package io.jenkins.plugins.concurrency.nodes;

import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.Run;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import jenkins.util.BuildListenerAdapter;

/** Where files of nodes are saved: the step's current directory, or the build's artifacts. */
final class FileDestination {

    private final Run<?, ?> build;
    private final NodesObserver observer;

    FileDestination(Run<?, ?> build, NodesObserver observer) {
        this.build = build;
        this.observer = observer;
    }

    /**
     * Saves files. Waits for both machines.
     *
     * @param from the folder that they are in
     * @param paths of the files, relative to it
     * @param inDirectory whether the step has a directory
     */
    void take(FilePath from, List<String> paths, boolean inDirectory)
            throws IOException, InterruptedException {
        if (!inDirectory) {
            Map<String, String> artifacts = paths.stream().collect(Collectors.toMap(Function.identity(), path -> path));
            Computer computer = from.toComputer();
            Node node = computer == null ? null : computer.getNode();
            build.pickArtifactManager()
                    .archive(
                            from,
                            (node == null ? Jenkins.get() : node).createLauncher(observer.listener()),
                            BuildListenerAdapter.wrap(observer.listener()),
                            artifacts);
            return;
        }
        FilePath directory = observer.directory();
        if (directory == null) {
            throw new IOException("the node around the step is not connected");
        }
        for (String path : paths) {
            FilePath target = directory.child(path);
            target.getParent().mkdirs();
            from.child(path).copyToWithPermission(target);
        }
    }
}
