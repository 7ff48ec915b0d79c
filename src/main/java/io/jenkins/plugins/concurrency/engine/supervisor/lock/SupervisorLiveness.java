package io.jenkins.plugins.concurrency.engine.supervisor.lock;

import io.jenkins.plugins.concurrency.engine.process.ProcessSearch;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;

/** Tells from outside whether a run has a living supervisor. Costs a few system calls. */
public final class SupervisorLiveness {

    /** How long a process may take from its start to its lock. */
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private SupervisorLiveness() {}

    /**
     * Whether a supervisor works on the run, or has been started a moment ago. To be asked by other processes than the
     * supervisor itself.
     *
     * @throws IOException if it can't be found out
     */
    public static boolean isAlive(RunFiles files) throws IOException {
        // In this order: who is no longer starting has the lock, or has ended.
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
     * The supervisor has its lock: makes it known by its process id. Called by the supervisor.
     *
     * @param shared whether it may have other runs as well
     */
    public static void begun(RunFiles files, boolean shared) throws IOException {
        SupervisorProcess own = SupervisorProcess.of(ProcessHandle.current());
        new SupervisorProcess(own.pid(), own.startMillis(), shared).write(files);
        Files.deleteIfExists(files.starting());
    }

    /** This process is about to do the run no more, in case that it has not begun. Called by the supervisor. */
    public static void neverBegun(RunFiles files) throws IOException {
        Optional<SupervisorProcess> starting = SupervisorProcess.read(files.starting());
        if (starting.isPresent() && starting.get().pid() == ProcessHandle.current().pid()) {
            Files.deleteIfExists(files.starting());
        }
    }

    /**
     * The run has ended, and this process goes on without it. The run has had a supervisor, but no signal that is meant
     * for that reaches this process any more. Called by the supervisor, which has the lock still.
     */
    public static void ended(RunFiles files) throws IOException {
        Files.write(files.pid(), new byte[0]); // complete whenever this process is killed: it names no process
    }
}
