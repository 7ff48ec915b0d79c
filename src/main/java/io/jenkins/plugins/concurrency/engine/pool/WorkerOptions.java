package io.jenkins.plugins.concurrency.engine.pool;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;

/**
 * The kind of a pool's workers.
 *
 * @param command what starts a persistent worker, or {@code null} where there are none, or they run functions
 * @param classPath jars and folders that functions may use, relative to the directory where they run
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
