package io.jenkins.plugins.concurrency.engine.pool.worker;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.pool.OutputReader;
import io.jenkins.plugins.concurrency.engine.pool.WorkerFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The output of one call, where more of it than its end is needed: a file that the worker writes while it works, or all
 * that it answered. What workers write to their standard error belongs to no call.
 *
 * @param file what the worker writes; {@code null} if it answers its output
 */
record WorkerOutput(OutputReader reader, WorkerFiles files, @CheckForNull String file) implements Runnable {

    private static final Logger LOGGER = Logger.getLogger(WorkerOutput.class.getName());

    /** Looks what there is so far. */
    @Override
    public void run() {
        if (file != null) {
            reader.poll(files.local(file), nothing());
        }
    }

    /**
     * The call is over.
     *
     * @param answered its output as it was answered, if it was
     * @return what the result has to say about it
     */
    Map<String, Object> complete(@CheckForNull String answered) {
        if (reader == OutputReader.NONE) {
            return Map.of();
        }
        String name = file == null ? "output-" + UUID.randomUUID() : file;
        try {
            if (file == null) {
                files.write(name, answered == null ? "" : answered);
            }
            return reader.complete(files.local(name), nothing());
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "can't keep an output");
            return Map.of();
        } finally {
            files.delete(name);
        }
    }

    private Path nothing() {
        return files.local("no-output");
    }
}
