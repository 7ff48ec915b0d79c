package io.jenkins.plugins.concurrency.engine.supervisor;

import io.jenkins.plugins.concurrency.engine.fetch.HttpReactor;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.pool.local.TaskEnvironment;
import io.jenkins.plugins.concurrency.engine.run.FailureText;
import io.jenkins.plugins.concurrency.engine.run.NodeLimits;
import io.jenkins.plugins.concurrency.engine.run.RunEnvironment;
import io.jenkins.plugins.concurrency.engine.run.RunExecutor;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;
import io.jenkins.plugins.concurrency.engine.supervisor.lock.SupervisorLiveness;
import io.jenkins.plugins.concurrency.engine.supervisor.lock.SupervisorLock;
import io.jenkins.plugins.concurrency.engine.supervisor.socket.RunRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A run in its supervisor, from start to end: takes the run's lock, looks for {@link RunFiles#CANCEL}, and suspends the
 * run when the process is asked to end. Nothing of the run is left in this process afterwards. For one thread.
 */
final class SupervisedRun {

    /** How the run has ended in this process. */
    enum End {
        DONE,
        /** Another supervisor has the run, or gets it now. */
        LEFT,
        /** The run's log says why. */
        FAILED
    }

    /** Tells the client, which waits for it, that the run has started. */
    @FunctionalInterface
    interface StartConfirmation {
        /** @throws IOException if the client is gone; it has then started another supervisor */
        void confirm() throws IOException;
    }

    /** Observers hold the lock for moments. Whoever holds it longer is another supervisor. */
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(3);

    private static final long CANCEL_POLL_MILLIS = 50;

    /** Less than what a machine waits for its processes when it stops: Kubernetes 30 seconds, systemd 90. */
    private static final long SHUTDOWN_SECONDS = 25;

    private final RunFiles files;
    private final TaskEnvironment environment;
    private final NodeLimits limits;
    private final SharedEngine engine;
    private final SupervisorLog log;
    private final CompletableFuture<JournalEntry.Finished> end = new CompletableFuture<>();

    /** Whether the run has borrowed the engine's reactor. */
    private volatile boolean fetches;

    /**
     * @param engine what it shares with other runs
     * @param log writes also to the run's log while the run lasts
     */
    SupervisedRun(RunRequest request, SharedEngine engine, SupervisorLog log) {
        this.files = new RunFiles(request.directory());
        this.environment = new TaskEnvironment(request.environment());
        this.limits = request.limits();
        this.engine = engine;
        this.log = log;
    }

    /** Does the run, or the rest of it. Blocks until it has ended. */
    End run(StartConfirmation confirmation) {
        boolean locked = false;
        try {
            // Two supervisors must never write to one journal: only this one has the lock.
            locked = SupervisorLock.acquire(files, LOCK_PATIENCE);
            return locked ? runAlone(confirmation) : End.LEFT;
        } catch (IOException e) {
            log.log(files, FailureText.of(e));
        } catch (Throwable e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            log.log(files, trace.toString());
        } finally {
            release(locked);
        }
        return End.FAILED;
    }

    private List<String> secrets(RunSpec spec) {
        return Stream.concat(spec.secretVariables().stream(), Stream.of(NetworkOptions.VARIABLE))
                .map(environment::value)
                .filter(Objects::nonNull)
                .toList();
    }

    private End runAlone(StartConfirmation confirmation) throws IOException, InterruptedException {
        log.open(files);
        RunSpec spec = files.readSpec();
        log.hide(files, secrets(spec));
        NetworkOptions.adopt(environment, System.getProperties());
        // Variables that requests need and commands must not see.
        Set<String> own = new HashSet<>(spec.work().secretVariables());
        own.add(NetworkOptions.VARIABLE);
        engine.budgets().limit(limits);
        RunEnvironment runEnvironment = RunEnvironment.local(
                files, environment, own, engine.budgets().of(spec.id()));
        RunExecutor run = new RunExecutor(files, engine.timer(), this::borrowReactor, outcome -> {}, runEnvironment);
        // Before the first task starts, because a task may end this process.
        Thread onShutdown = new Thread(() -> suspend(run), "concurrency shutdown");
        try {
            Runtime.getRuntime().addShutdownHook(onShutdown);
        } catch (IllegalStateException e) {
            throw new IOException("the supervisor is ending", e);
        }
        try {
            SupervisorLiveness.begun(files, engine.isShared());
            try {
                confirmation.confirm();
            } catch (IOException e) {
                return End.LEFT;
            }
            run(run);
            return End.DONE;
        } finally {
            end.cancel(false); // nothing is under way any more that the shutdown would have to wait for
            if (fetches) {
                engine.returnReactor();
            }
            removeHook(onShutdown);
        }
    }

    private HttpReactor borrowReactor() {
        HttpReactor borrowed = engine.borrowReactor();
        fetches = true;
        return borrowed;
    }

    private void run(RunExecutor run) throws IOException, InterruptedException {
        boolean cancelled = cancelIfRequested(run);
        run.start().whenComplete((last, thrown) -> {
            if (thrown == null) {
                end.complete(last);
            } else {
                end.completeExceptionally(thrown instanceof CompletionException ? thrown.getCause() : thrown);
            }
        });
        while (true) {
            try {
                end.get(CANCEL_POLL_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                cancelled = cancelled || cancelIfRequested(run);
            } catch (CancellationException e) {
                return; // suspended; its journal says so
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
            }
        }
    }

    /** If the run directory was removed, with the workspace or the agent, nobody can be told. */
    private boolean cancelIfRequested(RunExecutor run) {
        if (Files.notExists(files.directory())) {
            run.cancel("the run directory is gone");
            return true;
        }
        if (Files.exists(files.halt())) {
            run.halt(reason(files.halt()));
        }
        if (!Files.exists(files.cancel())) {
            return false;
        }
        run.cancel(reason(files.cancel()));
        return true;
    }

    private static String reason(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "the run was cancelled"; // it must not continue without its supervisor
        }
    }

    /** After SIGTERM: the machine may be going down. SIGTERM does not cancel a run. */
    private void suspend(RunExecutor run) {
        if (end.isDone()) {
            return;
        }
        run.suspend();
        try {
            end.get(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
        } catch (CancellationException | ExecutionException e) {
            // it has ended
        } catch (InterruptedException | TimeoutException e) {
            System.err.println("the run did not end in time: " + e);
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // it is at work, and sees that there is nothing to do
        }
    }

    /** From now on the run's directory can be removed, and the run's next supervisor may begin. */
    private void release(boolean locked) {
        try {
            SupervisorLiveness.neverBegun(files);
            if (locked) {
                SupervisorLiveness.ended(files);
            }
        } catch (IOException e) {
            // the directory is gone, so nothing can be written
        }
        try {
            if (locked) {
                try {
                    log.close(files);
                } finally {
                    SupervisorLock.release(files);
                }
            }
        } catch (IOException e) {
            System.err.println(FailureText.of(e));
        }
    }
}
