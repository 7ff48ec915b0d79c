package io.jenkins.plugins.concurrency.engine.pool;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;

/**
 * What a pool runs and on how many workers.
 *
 * @param kind what the work mostly does
 * @param workers how many branches run at once; 0 for a number that fits the kind and the host's processors
 * @param template the command for each input, or {@code null}
 * @param function the source of the Groovy function for each input, or {@code null}
 * @param directory where commands and functions run
 * @param commands how processes are started and limited
 * @param worker what workers are: JVMs for functions, or persistent workers
 */
public record PoolSettings(
        PoolKind kind,
        int workers,
        @CheckForNull String template,
        @CheckForNull String function,
        String directory,
        CommandOptions commands,
        WorkerOptions worker) {

    /** A pool of kind {@link PoolKind#CPU} with default options. */
    public PoolSettings(int workers, @CheckForNull String template, @CheckForNull String function, String directory) {
        this(PoolKind.CPU, workers, template, function, directory, CommandOptions.DEFAULT, WorkerOptions.DEFAULT);
    }

    public PoolSettings {
        if (workers < 0) {
            throw new IllegalArgumentException("negative workers");
        }
        if (template != null && function != null) {
            throw new IllegalArgumentException("a template and a function");
        }
    }

    /** A copy with another directory and another number of workers. */
    public PoolSettings in(String newDirectory, int newWorkers) {
        return new PoolSettings(kind, newWorkers, template, function, newDirectory, commands, worker);
    }

    /**
     * What the workers of a pool are.
     *
     * @param command the command that starts a persistent worker; {@code null} if there are no workers, or they run
     *     functions
     * @param classPath jars and folders that functions may use, relative to the directory where functions run
     * @param memory the heap of a JVM that runs functions, in MB; 0 for a part of the machine's memory
     */
    public record WorkerOptions(@CheckForNull String command, List<String> classPath, int memory) {

        /** Functions without a class path. */
        public static final WorkerOptions DEFAULT = new WorkerOptions(null, List.of(), 0);

        public WorkerOptions {
            classPath = List.copyOf(classPath);
            if (memory < 0) {
                throw new IllegalArgumentException("negative memory");
            }
        }
    }
}
