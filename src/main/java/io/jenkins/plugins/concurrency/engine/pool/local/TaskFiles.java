package io.jenkins.plugins.concurrency.engine.pool.local;

import io.jenkins.plugins.concurrency.engine.pool.HostException;
import io.jenkins.plugins.concurrency.engine.pool.OutputReader;
import io.jenkins.plugins.concurrency.engine.pool.ResourceUsage;
import io.jenkins.plugins.concurrency.engine.pool.RunningScript;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The files of one running command.
 *
 * @param stdout its standard output
 * @param stderr its standard error
 * @param script its script, if it is too long for a command line
 */
public record TaskFiles(Path stdout, Path stderr, Path script) {

    private static final Logger LOGGER = Logger.getLogger(TaskFiles.class.getName());

    public static TaskFiles in(Path directory, int index) {
        return new TaskFiles(
                directory.resolve(index + ".out"),
                directory.resolve(index + ".err"),
                directory.resolve(index + ".cmd"));
    }

    /** How a script ended, with the ends of its outputs. The reader may move the files away during this call. */
    public RunningScript.End end(int exitCode, ResourceUsage usage, RunningScript.Cause cause, OutputReader outputs) {
        try {
            OutputTail out = OutputTail.read(stdout, OutputTail.MAX_WHOLE);
            OutputTail err = OutputTail.read(stderr, OutputTail.MAX_BYTES);
            return new RunningScript.End(exitCode, out, err, usage, cause, outputs.complete(stdout, stderr));
        } catch (IOException e) {
            throw new CompletionException(
                    HostException.notStarted("can't read the command's output: " + e.getMessage()));
        }
    }

    /** The size of both outputs on the disk, in bytes. */
    public long outputBytes() {
        return stdout.toFile().length() + stderr.toFile().length();
    }

    /** Removes the files that exist. If that fails, they are removed with the run directory. */
    public void delete() {
        for (Path file : List.of(stdout, stderr, script)) {
            try {
                if (Files.exists(file)) { // most have no script file, and this is faster than an exception
                    Files.delete(file);
                }
            } catch (IOException e) {
                LOGGER.log(Level.FINE, e, () -> "can't remove " + file);
            }
        }
    }
}
