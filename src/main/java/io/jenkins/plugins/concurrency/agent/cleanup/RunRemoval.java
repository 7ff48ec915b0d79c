package io.jenkins.plugins.concurrency.agent.cleanup;

import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.engine.process.ProcessKiller;
import io.jenkins.plugins.concurrency.engine.run.DeadAttemptCleanup;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.file.AtomicFile;
import io.jenkins.plugins.concurrency.engine.supervisor.lock.SupervisorLiveness;
import io.jenkins.plugins.concurrency.engine.supervisor.lock.SupervisorProcess;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.security.MasterToSlaveCallable;

/**
 * Ends runs on an agent if they have not ended, and removes what is left of them: processes, incomplete files, run
 * directories. Returns the ids of runs that have nothing left.
 */
final class RunRemoval extends MasterToSlaveCallable<ArrayList<String>, RuntimeException> {

    private static final long serialVersionUID = 1;

    private static final Logger LOGGER = Logger.getLogger(RunRemoval.class.getName());

    /** How long supervisors may take to end by themselves. Their commands have two seconds of that time. */
    private static final long ORDERLY_NANOS = TimeUnit.SECONDS.toNanos(4);

    private static final long FORCED_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long LOOK_MILLIS = 20;

    private final ArrayList<Doomed> runs = new ArrayList<>();

    RunRemoval(List<RunRegistration> dead) {
        for (RunRegistration run : dead) {
            runs.add(new Doomed(run.id(), run.directory(), run.state() == RunRegistration.State.ENDED));
        }
    }

    /**
     * A run to remove, as it is sent to the agent.
     *
     * @param ended whether its journal is complete; then its supervisor is about to end by itself
     */
    private record Doomed(String id, String directory, boolean ended) implements Serializable {
        RunFiles files() {
            return new RunFiles(Path.of(directory));
        }
    }

    @Override
    public ArrayList<String> call() {
        ArrayList<String> removed = new ArrayList<>();
        for (Doomed run : runs) {
            if (!run.ended()) {
                cancel(run.files());
            }
        }
        long deadline = System.nanoTime() + ORDERLY_NANOS;
        for (Doomed run : runs) {
            try {
                boolean inOrder = awaitEnd(run, deadline) && run.ended();
                if (inOrder) {
                    run.files().delete();
                } else {
                    DeadAttemptCleanup.removeRun(run.files());
                }
                removed.add(run.id());
            } catch (IOException | RuntimeException e) {
                LOGGER.log(Level.WARNING, e, () -> "can't clean up " + run.directory());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        return removed;
    }

    private static void cancel(RunFiles files) {
        try {
            if (Files.isDirectory(files.directory())) {
                AtomicFile.write(files.cancel(), "nobody waits for the run any more");
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "can't cancel " + files); // its processes are ended all the same
        }
    }

    /** Waits until the supervisor has ended, and ends it if that takes too long. Returns whether it ended by itself. */
    private static boolean awaitEnd(Doomed run, long deadlineNanos) throws IOException, InterruptedException {
        RunFiles files = run.files();
        if (awaitDeath(files, deadlineNanos)) {
            return true;
        }
        SupervisorProcess.read(files)
                .filter(process -> !process.isShared()) // others have their runs there; this one is tried again later
                .flatMap(SupervisorProcess::handle)
                .ifPresent(ProcessHandle::destroyForcibly);
        if (awaitDeath(files, System.nanoTime() + FORCED_NANOS)) {
            return false;
        }
        ProcessKiller.kill(PoolEnvironment.runCookie(run.id())).toCompletableFuture().join();
        throw new IOException("the supervisor can't be ended");
    }

    private static boolean awaitDeath(RunFiles files, long deadlineNanos) throws IOException, InterruptedException {
        while (SupervisorLiveness.isAlive(files)) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                return false;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return true;
    }
}
