package io.jenkins.plugins.concurrency.engine.supervisor;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.fetch.HttpReactor;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.pool.local.TaskEnvironment;
import io.jenkins.plugins.concurrency.engine.run.JournaledRun;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunSurroundings;
import io.jenkins.plugins.concurrency.engine.schedule.TimerThread;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A run in the hands of its supervisor, from its first line to its last: looks for {@link RunFiles#CANCEL}, suspends the
 * run when the process is asked to end. Nothing of it is left in this process afterwards.
 */
final class SupervisedRun {

    private static final long CANCEL_POLL_MILLIS = 50;
    private static final long SHUTDOWN_SECONDS = 8;

    private final RunFiles files;
    private final TaskEnvironment environment;
    private final AtomicReference<HttpReactor> reactor = new AtomicReference<>();

    SupervisedRun(@NonNull RunFiles files, @NonNull TaskEnvironment environment) {
        this.files = files;
        this.environment = environment;
    }

    /**
     * Does the run, or what is left of it. Blocks until it has ended.
     *
     * @return whether it has ended by itself; {@code false} if it was cancelled, and nobody may want anything more of this
     *     process, or suspended, as this process is about to end
     * @throws IOException if it can't be done, in one line
     */
    boolean run() throws IOException, InterruptedException {
        ScheduledExecutorService timer = TimerThread.start("concurrency timer");
        RunSurroundings around = RunSurroundings.local(files, environment, ownVariables());
        JournaledRun run = new JournaledRun(files, timer, this::openReactor, outcome -> {}, around);
        CompletableFuture<JournalEntry.Finished> end = new CompletableFuture<>();
        // Before the first task starts, since a task may be what makes somebody stop this process.
        Thread onShutdown = new Thread(() -> suspend(run, end), "concurrency shutdown");
        Runtime.getRuntime().addShutdownHook(onShutdown);
        try {
            boolean cancelled = cancelIfTold(run);
            run.start().whenComplete((last, thrown) -> {
                if (thrown == null) {
                    end.complete(last);
                } else {
                    end.completeExceptionally(thrown instanceof CompletionException ? thrown.getCause() : thrown);
                }
            });
            cancelled = await(run, end, cancelled);
            return removed(onShutdown) && !cancelled;
        } catch (CancellationException e) {
            return false; // suspended; its journal says so
        } finally {
            end.cancel(false); // nothing is under way any more that the shutdown would have to wait for
            HttpReactor opened = reactor.get();
            if (opened != null) {
                opened.close();
            }
            timer.shutdownNow();
        }
    }

    /** Whether this process is not about to end. */
    private static boolean removed(Thread onShutdown) {
        try {
            return Runtime.getRuntime().removeShutdownHook(onShutdown);
        } catch (IllegalStateException e) {
            return false;
        }
    }

    /** What requests need and commands have no business with. */
    private Set<String> ownVariables() throws IOException {
        Set<String> own = new HashSet<>(files.readSpec().work().secretVariables());
        own.add(NetworkOptions.VARIABLE);
        return own;
    }

    private HttpReactor openReactor() {
        HttpReactor opened = new HttpReactor();
        reactor.set(opened);
        return opened;
    }

    /** Returns whether the run was cancelled, by now. */
    private boolean await(JournaledRun run, CompletableFuture<?> end, boolean cancelled)
            throws InterruptedException, IOException {
        boolean told = cancelled;
        while (true) {
            try {
                end.get(CANCEL_POLL_MILLIS, TimeUnit.MILLISECONDS);
                return told;
            } catch (TimeoutException e) {
                told = told || cancelIfTold(run);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
            }
        }
    }

    /** Who removes the run directory, with the workspace or the agent, can tell nothing any more, nor be told. */
    private boolean cancelIfTold(JournaledRun run) throws IOException {
        if (Files.notExists(files.directory())) {
            run.cancel("the run directory is gone");
            return true;
        }
        if (!Files.exists(files.cancel())) {
            return false;
        }
        run.cancel(Files.readString(files.cancel()));
        return true;
    }

    /** SIGTERM: perhaps the whole machine goes down. Not what cancels a run. */
    private static void suspend(JournaledRun run, CompletableFuture<?> end) {
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
}
