package io.jenkins.plugins.concurrency.engine.pool.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The files of one running command.
 *
 * @param stdout its standard output
 * @param stderr its standard error
 * @param script its script, where it does not fit on a command line
 */
record TaskFiles(Path stdout, Path stderr, Path script) {

    private static final Logger LOGGER = Logger.getLogger(TaskFiles.class.getName());

    static TaskFiles in(Path directory, int index) {
        return new TaskFiles(
                directory.resolve(index + ".out"),
                directory.resolve(index + ".err"),
                directory.resolve(index + ".cmd"));
    }

    /** Removes what there is; what can't be removed goes with the run directory. */
    void delete() {
        for (Path file : List.of(stdout, stderr, script)) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOGGER.log(Level.FINE, e, () -> "can't remove " + file);
            }
        }
    }
}
