package io.jenkins.plugins.concurrency.engine.supervisor.client;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.run.NodeLimits;
import io.jenkins.plugins.concurrency.engine.supervisor.socket.SocketKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How supervisors are started.
 *
 * @param classPath the jars that they need
 * @param heapMib their heap, in MiB
 * @param archive the hash of the archive of classes that they use; {@code null} for none
 * @param shared for one supervisor for all runs; {@code null} for one for each run
 * @param limits of everything that supervisors start together; valid from the next run on
 */
public record SupervisorSettings(
        List<String> classPath,
        int heapMib,
        @CheckForNull String archive,
        @CheckForNull Shared shared,
        NodeLimits limits) {

    /**
     * For one supervisor for all runs of an agent.
     *
     * @param home the agent's folder that it belongs to
     * @param idle how long it waits for a run
     * @param key proves who it is; key and folder together identify a supervisor
     */
    public record Shared(Path home, Duration idle, SocketKey key) {}

    /** The default heap of a supervisor, in MiB. */
    public static final int HEAP_MIB = 256;

    public SupervisorSettings {
        classPath = List.copyOf(classPath);
    }
}
