package io.jenkins.plugins.concurrency.agent.launcher;

import hudson.Proc;
import hudson.model.Computer;
import io.jenkins.plugins.concurrency.engine.pool.HostException;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** A process that a launcher starts. One thread starts it and waits for its end. Any other thread may end it. */
final class LauncherProcess {

    private final LauncherTarget target;
    private final ProcessCookie cookie;

    // Guarded by this.
    private Proc proc;

    /** Set by the first kill; completes when nothing of the process is left. */
    private CompletableFuture<Void> killed;

    /** Whether the process has ended. */
    private boolean over;

    /** @param cookie environment variable that only this process and its children have */
    LauncherProcess(LauncherTarget target, ProcessCookie cookie) {
        this.target = target;
        this.cookie = cookie;
    }

    /**
     * How the process ended.
     *
     * @param killed whether it was killed; then its exit code has no meaning
     */
    record End(int exitCode, boolean killed) {}

    @FunctionalInterface
    interface Start {
        Proc start() throws IOException, InterruptedException;
    }

    /**
     * Starts the process and waits for its end. If it is killed, also waits for the end of everything that it has
     * started.
     *
     * @throws HostException if it was killed before it began
     */
    End run(Start start) throws IOException, InterruptedException {
        try {
            synchronized (this) {
                if (killed != null) {
                    throw HostException.notStarted("stopped before it started");
                }
            }
            Proc started = start.start();
            synchronized (this) {
                proc = started;
                if (killed != null) {
                    end(killed); // it was not there yet when it was looked for
                }
            }
            int exitCode = started.join();
            CompletableFuture<Void> killing;
            synchronized (this) {
                over = true;
                killing = killed;
            }
            if (killing != null) {
                killing.join();
            }
            return new End(exitCode, killing != null);
        } finally {
            synchronized (this) {
                over = true;
                if (killed != null && proc == null) {
                    killed.complete(null);
                }
            }
        }
    }

    /** Ends the process with everything that it has started. Does not wait. Completes when nothing is left. */
    synchronized CompletableFuture<Void> kill() {
        if (killed == null) {
            killed = new CompletableFuture<>();
            if (over) {
                killed.complete(null);
            } else if (proc != null) {
                end(killed);
            }
        }
        return killed;
    }

    private void end(CompletableFuture<Void> ended) {
        Proc running = proc;
        target.kill(cookie)
                .thenRunAsync(() -> LauncherFiles.attempt(running::kill), Computer.threadPoolForRemoting)
                .whenComplete((nothing, thrown) -> ended.complete(null));
    }

    synchronized boolean isOver() {
        return over;
    }
}
