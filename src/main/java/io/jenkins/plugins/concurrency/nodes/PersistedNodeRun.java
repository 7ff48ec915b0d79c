package io.jenkins.plugins.concurrency.nodes;

import io.jenkins.plugins.concurrency.engine.distribution.DistributionFiles;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.file.Feed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A node run that was started before the controller's restart.
 *
 * @param files its run directory below the run's
 * @param lines the branches that were sent to it
 * @param isAtEnd whether its feed has ended
 */
record PersistedNodeRun(RunFiles files, NodeLocation place, List<Feed.Line> lines, boolean isAtEnd) {

    /** All persisted node runs of a run. */
    static List<PersistedNodeRun> all(RunFiles run) throws IOException {
        Path folder = DistributionFiles.nodeRunsDirectory(run);
        List<PersistedNodeRun> all = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> directories = Files.list(folder)) {
                for (Path directory : directories.sorted().toList()) {
                    RunFiles files = new RunFiles(directory);
                    if (NodeLocation.isIn(files) && Files.exists(files.feed())) {
                        all.add(read(files));
                    }
                }
            }
        }
        return all;
    }

    private static PersistedNodeRun read(RunFiles files) throws IOException {
        List<Feed.Line> lines = new ArrayList<>();
        try (Feed feed = new Feed(files.feed())) {
            for (Feed.Line line; (line = feed.next()) != null; ) {
                lines.add(line);
            }
            return new PersistedNodeRun(files, NodeLocation.read(files), lines, feed.isAtEnd());
        }
    }

    String id() {
        return files.directory().getFileName().toString();
    }

    /** Its number among the node runs of its run. */
    int number() {
        return Integer.parseInt(id().substring(id().lastIndexOf('-') + 1));
    }
}
