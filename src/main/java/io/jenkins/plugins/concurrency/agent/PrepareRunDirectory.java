package io.jenkins.plugins.concurrency.agent;

import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.engine.run.DeadAttemptCleanup;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;
import io.jenkins.plugins.concurrency.engine.run.file.PrivateFile;
import io.jenkins.plugins.concurrency.engine.supervisor.lock.SupervisorLiveness;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.MasterToSlaveFileCallable;

/**
 * Creates a run directory with the run's files, and removes old directories beside it. Only the agent's user may read
 * it, because it contains the inputs of the run. If the run's supervisor is alive, it does nothing and returns
 * {@code false}: an earlier connection was lost before it could answer.
 */
public final class PrepareRunDirectory extends MasterToSlaveFileCallable<Boolean> {

    private static final long serialVersionUID = 1;

    private static final Logger LOGGER = Logger.getLogger(PrepareRunDirectory.class.getName());

    private static final Duration UNTOUCHED = Duration.ofDays(7);

    private final HashSet<String> known;
    private final LinkedHashMap<String, byte[]> files;

    /**
     * @param known the ids of the runs whose directories are registered for removal
     * @param files names and contents of those that only the agent's user may read
     */
    public PrepareRunDirectory(Collection<String> known, Map<String, byte[]> files) {
        this.known = new HashSet<>(known);
        this.files = new LinkedHashMap<>(files);
    }

    @Override
    public Boolean invoke(File runDirectory, VirtualChannel channel) throws IOException {
        if (SupervisorLiveness.isAlive(new RunFiles(runDirectory.toPath()))) {
            return false;
        }
        Path directory = PrivateFile.createFolder(runDirectory.toPath());
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            try (OutputStream out = PrivateFile.create(directory.resolve(file.getKey()))) {
                out.write(file.getValue());
            }
        }
        removeStale(directory.getParent(), known);
        return true;
    }

    /**
     * Removes run directories that no controller knows any more, for example because it was set up again. Keeps those
     * whose supervisor is alive, and those with a file that was written in the last week. What can't be removed stays.
     *
     * @param all the directory with the run directories
     * @param known the ids of those to keep
     */
    private static void removeStale(Path all, Set<String> known) {
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
            if (lastWritten(files.directory()).isBefore(Instant.now().minus(UNTOUCHED)) && !SupervisorLiveness.isAlive(files)) {
                DeadAttemptCleanup.removeRun(files);
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
