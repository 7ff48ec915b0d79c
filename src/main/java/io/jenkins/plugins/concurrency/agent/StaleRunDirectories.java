package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;
import io.jenkins.plugins.concurrency.engine.supervisor.SupervisorLife;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Run directories of a workspace that no controller knows any more, for example since it was set up anew. */
final class StaleRunDirectories {

    private static final Logger LOGGER = Logger.getLogger(StaleRunDirectories.class.getName());

    private static final Duration UNTOUCHED = Duration.ofDays(7);

    private StaleRunDirectories() {}

    /**
     * Removes those that are not alive and in which nothing was written for a week. What can't be removed is left.
     *
     * @param all the directory in which the run directories are
     * @param known the ids of those that are not stale
     */
    static void remove(@NonNull Path all, @NonNull Set<String> known) {
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(all, Files::isDirectory)) {
            for (Path directory : directories) {
                String id = directory.getFileName().toString();
                if (RunSpec.isId(id) && !known.contains(id)) {
                    removeIfStale(new RunFiles(directory));
                }
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "can't look for old runs in " + all);
        }
    }

    private static void removeIfStale(RunFiles files) {
        try {
            if (lastWritten(files.directory()).isBefore(Instant.now().minus(UNTOUCHED)) && !SupervisorLife.isAlive(files)) {
                RunRemains.remove(files);
            }
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "can't remove " + files.directory());
        }
    }

    private static Instant lastWritten(Path directory) throws IOException {
        Instant last = Files.getLastModifiedTime(directory).toInstant();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Instant written = Files.getLastModifiedTime(file).toInstant();
                last = written.isAfter(last) ? written : last;
            }
        }
        return last;
    }
}
