package io.jenkins.plugins.concurrency.engine.supervisor.lock;

import io.jenkins.plugins.concurrency.engine.process.ProcessSearch;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;

/** Tells other processes whether a run's supervisor is alive. This needs a few system calls. */
public final class SupervisorLiveness {

    /** How long a process may take from its start to its lock. */
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private SupervisorLiveness() {}

    /**
     * Whether a supervisor works on the run, or was started a moment ago. Not for use in the supervisor itself.
     *
     * @throws IOException if that can't be found out
     */
    public static boolean isAlive(RunFiles files) throws IOException {
        // The order matters: a supervisor that is no longer starting has the lock or has ended.
        return isStarting(files) || SupervisorLock.isHeld(files);
    }

    private static boolean isStarting(RunFiles files) throws IOException {
        Optional<SupervisorProcess> started = SupervisorProcess.read(files.starting());
        if (started.isEmpty()) {
            return false;
        }
        long age = System.currentTimeMillis() - started.get().startMillis();
        return Math.abs(age) < START_LIMIT.toMillis()
                && ProcessHandle.of(started.get().pid()).filter(ProcessSearch::isRunning).isPresent();
    }

    /**
     * Called by the supervisor when it has the lock: writes its process id.
     *
     * @param shared whether it may have other runs too
     */
    public static void begun(RunFiles files, boolean shared) throws IOException {
        SupervisorProcess own = SupervisorProcess.of(ProcessHandle.current());
        new SupervisorProcess(own.pid(), own.startMillis(), shared).write(files);
        Files.deleteIfExists(files.starting());
    }

    /** Called by the supervisor when it ends: if it has not begun the run, it no longer counts as starting. */
    public static void neverBegun(RunFiles files) throws IOException {
        Optional<SupervisorProcess> starting = SupervisorProcess.read(files.starting());
        if (starting.isPresent() && starting.get().pid() == ProcessHandle.current().pid()) {
            Files.deleteIfExists(files.starting());
        }
    }

    /**
     * Called by the supervisor when the run has ended and this process goes on, while it still has the lock. From now
     * on the file says that the run had a supervisor, but no longer which: a signal for the run must not reach this
     * process.
     */
    public static void ended(RunFiles files) throws IOException {
        Files.write(files.pid(), new byte[0]); // complete whenever this process is killed: it names no process
    }
}
