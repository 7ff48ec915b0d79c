package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.process.ProcessKiller;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;

/**
 * A supervisor, known across restarts of the agent by its process id and start time; a process id alone may belong to
 * somebody else by then.
 *
 * @param pid the process id
 * @param startMillis when it started, milliseconds since the epoch; 0 where the system does not tell
 */
record SupervisorProcess(long pid, long startMillis) {

    @NonNull
    static SupervisorProcess of(@NonNull ProcessHandle process) {
        return new SupervisorProcess(process.pid(), startOf(process));
    }

    /** The one that was last started for a run directory. */
    @NonNull
    static Optional<SupervisorProcess> read(@NonNull RunFiles files) throws IOException {
        if (!Files.exists(files.pid())) {
            return Optional.empty();
        }
        String[] fields = Files.readString(files.pid()).strip().split(" ");
        try {
            return Optional.of(new SupervisorProcess(Long.parseLong(fields[0]), Long.parseLong(fields[1])));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IOException("damaged " + files.pid(), e);
        }
    }

    void write(@NonNull RunFiles files) throws IOException {
        Files.writeString(files.pid(), pid + " " + startMillis + "\n");
    }

    /**
     * The running process. One that has ended may still be listed: an agent that lost its connection replaces itself
     * by a new JVM in the same process, which is the parent of what the old one started and does not know of it.
     */
    @NonNull
    Optional<ProcessHandle> handle() {
        return ProcessHandle.of(pid)
                .filter(process -> startOf(process) == startMillis)
                .filter(ProcessKiller::isRunning);
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(instant -> instant.toEpochMilli()).orElse(0L);
    }
}
