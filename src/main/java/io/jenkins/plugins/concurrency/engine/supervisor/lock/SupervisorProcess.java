package io.jenkins.plugins.concurrency.engine.supervisor.lock;

import io.jenkins.plugins.concurrency.engine.process.ProcessSearch;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The process of a supervisor. {@link SupervisorLock} tells whether it is alive. This record is for signals and
 * messages, and for file systems without locks.
 *
 * @param pid the process id
 * @param startMillis when it started, milliseconds since the epoch; 0 if the system does not say. The process id alone
 *     may belong to another process by now
 * @param isShared whether it may have other runs too; then it must not be killed because of one
 */
public record SupervisorProcess(long pid, long startMillis, boolean isShared) {

    private static final String SHARED = "shared";

    public SupervisorProcess(long pid, long startMillis) {
        this(pid, startMillis, false);
    }

    public static SupervisorProcess of(ProcessHandle process) {
        return new SupervisorProcess(process.pid(), startOf(process));
    }

    /**
     * The last one that worked on a run.
     *
     * @throws IOException if the file that names it can't be read
     */
    public static Optional<SupervisorProcess> read(RunFiles files) throws IOException {
        return read(files.pid());
    }

    /** Reads two numbers, and a word if it is shared. A missing or incomplete file names no process. */
    public static Optional<SupervisorProcess> read(Path file) throws IOException {
        String[] fields;
        try {
            fields = Files.readString(file).strip().split(" ");
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        try {
            boolean shared = fields.length > 2 && fields[2].equals(SHARED);
            return Optional.of(
                    new SupervisorProcess(Long.parseLong(fields[0]), Long.parseLong(fields[1]), shared));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    /** Makes this the run's supervisor. */
    public void write(RunFiles files) throws IOException {
        AtomicFile.write(files.pid(), pid + " " + startMillis + (isShared ? " " + SHARED : "") + "\n");
    }

    /** The running process, according to the system's clock and list of processes. */
    public Optional<ProcessHandle> handle() {
        return ProcessHandle.of(pid)
                .filter(process -> startOf(process) == startMillis)
                .filter(ProcessSearch::isRunning);
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(instant -> instant.toEpochMilli()).orElse(0L);
    }
}
