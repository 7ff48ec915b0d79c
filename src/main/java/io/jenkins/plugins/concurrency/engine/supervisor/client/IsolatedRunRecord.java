package io.jenkins.plugins.concurrency.engine.supervisor.client;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.json.RecordCodec;
import io.jenkins.plugins.concurrency.engine.process.ProcessSearch;
import io.jenkins.plugins.concurrency.engine.run.NodeLimits;
import io.jenkins.plugins.concurrency.engine.run.file.AtomicFile;
import io.jenkins.plugins.concurrency.engine.supervisor.lock.SupervisorProcess;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A run with its own supervisor, and its part of the node's limits. Such a supervisor does not see what others use. So
 * it gets a fixed part when it starts: half of what is left then, at least one process. The shared supervisor has the
 * rest, and learns this with its next run. So all of them together keep the limits, unless less than one process for
 * each is left. The records are files in the agent's folder, so they survive a restart of the agent's process.
 * Thread-safe.
 *
 * @param pid the supervisor's process
 * @param startMillis when it started, as {@link SupervisorProcess} has it
 * @param processes its part of the limit of processes
 * @param memoryMib its part of the limit of memory, with its own heap
 */
record IsolatedRunRecord(long pid, long startMillis, int processes, int memoryMib) {

    private static final Logger LOGGER = Logger.getLogger(IsolatedRunRecord.class.getName());

    private static final long CLOCK_MILLIS = 60_000;

    private static String name(SupervisorSettings.Shared place, String pid) throws IOException {
        return "isolated-" + place.key().id() + "-" + pid + ".json";
    }

    /**
     * Writes the record of a supervisor that has been started.
     *
     * @param place of the shared supervisor; {@code null} for none
     * @param limits of what the new one starts
     * @param heapMib its own heap
     */
    static void started(@CheckForNull SupervisorSettings.Shared place, long pid, NodeLimits limits, int heapMib) {
        ProcessHandle process = ProcessHandle.of(pid).orElse(null);
        if (place == null || process == null) {
            return;
        }
        long start = SupervisorProcess.of(process).startMillis();
        IsolatedRunRecord run = new IsolatedRunRecord(pid, start, limits.processes(), limits.memoryMib() + heapMib);
        try {
            AtomicFile.write(place.home().resolve(name(place, Long.toString(pid))), run);
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "can't record the limits of " + run);
        }
    }

    /**
     * The start times of running processes may change a little when the clock is set. A process id is not used again
     * that soon.
     */
    private boolean isRunning() {
        return ProcessHandle.of(pid)
                .filter(ProcessSearch::isRunning)
                .filter(process -> Math.abs(SupervisorProcess.of(process).startMillis() - startMillis) <= CLOCK_MILLIS)
                .isPresent();
    }

    /** What these supervisors leave of a node's limits. */
    static NodeLimits remaining(@CheckForNull SupervisorSettings.Shared place, NodeLimits all) {
        NodeLimits left = all;
        if (place == null) {
            return left;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(place.home(), name(place, "*"))) {
            for (Path file : files) {
                left = left.without(taken(file));
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOGGER.log(Level.FINE, e, () -> "can't look for runs in processes of their own");
        }
        return left;
    }

    private static NodeLimits taken(Path file) {
        try {
            IsolatedRunRecord isolated = RecordCodec.read(IsolatedRunRecord.class, file);
            if (isolated.isRunning()) {
                return new NodeLimits(isolated.processes, isolated.memoryMib);
            }
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "can't read or remove " + file); // the next one may
        }
        return NodeLimits.NONE;
    }
}
