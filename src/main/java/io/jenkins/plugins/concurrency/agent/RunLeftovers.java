package io.jenkins.plugins.concurrency.agent;

import io.jenkins.plugins.concurrency.engine.run.DeadAttempts;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** What is left on an agent of a run whose supervisor is gone. */
public final class RunLeftovers {

    private static final Logger LOGGER = Logger.getLogger(RunLeftovers.class.getName());

    private RunLeftovers() {}

    /**
     * Ends the run's processes, removes what it has half written, and then the run directory. Blocks until that is
     * done, some seconds at most for the processes.
     *
     * @param files nothing of them needs to be there or whole
     * @throws IOException if the directory can't be removed
     */
    public static void remove(RunFiles files) throws IOException {
        try {
            DeadAttempts.end(files);
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "something may be left of " + files.directory());
        }
        deleteDirectory(files);
    }

    /**
     * Removes a run directory, if it is there.
     *
     * @throws IOException if it can't be removed, or not wholly
     */
    public static void deleteDirectory(RunFiles files) throws IOException {
        if (!Files.isDirectory(files.directory())) {
            return;
        }
        List<Path> inwards;
        try (Stream<Path> all = Files.walk(files.directory())) {
            inwards = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : inwards) {
            Files.deleteIfExists(path);
        }
    }
}
