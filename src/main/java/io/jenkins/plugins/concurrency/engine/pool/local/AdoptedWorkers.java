package io.jenkins.plugins.concurrency.engine.pool.local;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The workers of a run that had been started before it, so that they do not carry its cookie. Written down before they
 * work, for whoever has to end what a dead supervisor has left.
 *
 * @param file one value of {@link PoolEnvironment#WORKER} a line; not there where there are none
 */
record AdoptedWorkers(@NonNull Path file) {

    @NonNull
    static AdoptedWorkers in(@NonNull Path outputs) {
        return new AdoptedWorkers(outputs.resolve("adopted-workers"));
    }

    void add(@NonNull ProcessCookie worker) throws IOException {
        Files.writeString(file, worker.value() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @NonNull
    List<ProcessCookie> all() throws IOException {
        try {
            return Files.readAllLines(file).stream()
                    .map(value -> new ProcessCookie(PoolEnvironment.WORKER, value))
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
