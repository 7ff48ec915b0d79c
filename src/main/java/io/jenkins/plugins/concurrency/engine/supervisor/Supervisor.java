package io.jenkins.plugins.concurrency.engine.supervisor;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.fetch.HttpReactor;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.mask.MaskedStream;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.process.ClassArchive;
import io.jenkins.plugins.concurrency.engine.run.FailureText;
import io.jenkins.plugins.concurrency.engine.run.JournaledRun;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunSurroundings;
import io.jenkins.plugins.concurrency.engine.schedule.TimerThread;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
 * The process that does a run's work on an agent. It knows nothing but its run directory, so it goes on when the
 * agent's or the controller's process ends, and can be started again where it died.
 *
 * <p>It ends when the run has ended, which the file {@link RunFiles#CANCEL} hastens, or on SIGTERM, which only suspends
 * the run; in each case after all processes of the run are gone and the journal has its last line.
 */
public final class Supervisor {

    private static final long CANCEL_POLL_MILLIS = 50;
    private static final long SHUTDOWN_SECONDS = 8;

    /** Observers have the lock for moments; who has it longer is another supervisor. */
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(3);

    private final RunFiles files;
    private final AtomicReference<HttpReactor> reactor = new AtomicReference<>();

    private Supervisor(RunFiles files) {
        this.files = files;
    }

    /** @param args the run directory */
    public static void main(@NonNull String[] args) {
        int status = 1;
        try {
            RunFiles files = new RunFiles(Path.of(args[0]));
            hideSecretsInLog(files);
            TrustStore.adopt(System.getenv(), System.getProperties());
            new Supervisor(files).runAlone();
            status = 0;
        } catch (IOException e) {
            System.err.println(FailureText.of(e));
        } catch (Throwable e) {
            e.printStackTrace();
        }
        System.exit(status); // nothing that a library may have left running keeps the process alive
    }

    /** No two supervisors may ever write to one journal. */
    private void runAlone() throws Exception {
        if (!SupervisorLock.acquire(files, LOCK_PATIENCE)) {
            System.err.println("process " + ProcessHandle.current().pid() + " leaves the run to another supervisor");
            return;
        }
        SupervisorLife.begun(files);
        run();
        makeClassArchive();
    }

    /** For those that come after; only they get to feel whether there is one. */
    private static void makeClassArchive() {
        try {
            ClassArchive archive =
                    ClassArchive.of(System.getProperty("java.class.path")).orElse(null);
            if (archive != null) {
                archive.makeWhenWorthIt(ClassArchiveMain.class);
            }
        } catch (IOException e) {
            System.err.println("can't make an archive of classes: " + e.getMessage());
        }
    }

    /** Whatever ends up in this process' log, a stack trace too, may be told to people. */
    private static void hideSecretsInLog(RunFiles files) throws IOException {
        List<String> secrets = new ArrayList<>(files.readSpec().secretVariables());
        secrets.add(TrustStore.VARIABLE);
        SecretMask mask = SecretMask.of(secrets, System::getenv);
        if (mask != SecretMask.NONE) {
            MaskedStream masked = new MaskedStream(System.err, mask);
            System.setErr(new PrintStream(masked, true, StandardCharsets.UTF_8));
        }
    }

    private void run() throws Exception {
        ScheduledExecutorService timer = TimerThread.start("concurrency timer");
        RunSurroundings around = RunSurroundings.ofThisProcess(files, ownVariables());
        JournaledRun run = new JournaledRun(files, timer, this::openReactor, outcome -> {}, around);
        CompletableFuture<JournalEntry.Finished> end = new CompletableFuture<>();
        // Before the first task starts, since a task may be what makes somebody stop this process.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> suspend(run, end), "concurrency shutdown"));
        boolean cancelled = cancelIfTold(run);
        try {
            run.start().whenComplete((last, thrown) -> {
                if (thrown == null) {
                    end.complete(last);
                } else {
                    end.completeExceptionally(thrown instanceof CompletionException ? thrown.getCause() : thrown);
                }
            });
            await(run, end, cancelled);
        } catch (CancellationException e) {
            // suspended; its journal says so
        } finally {
            end.cancel(false); // nothing is under way any more that the shutdown would have to wait for
            HttpReactor opened = reactor.get();
            if (opened != null) {
                opened.close();
            }
        }
    }

    /** What requests need and commands have no business with. */
    private Set<String> ownVariables() throws IOException {
        Set<String> own = new HashSet<>(files.readSpec().work().secretVariables());
        own.add(TrustStore.VARIABLE);
        return own;
    }

    private HttpReactor openReactor() {
        HttpReactor opened = new HttpReactor();
        reactor.set(opened);
        return opened;
    }

    private void await(JournaledRun run, CompletableFuture<?> end, boolean cancelled)
            throws InterruptedException, IOException {
        boolean told = cancelled;
        while (true) {
            try {
                end.get(CANCEL_POLL_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                told = told || cancelIfTold(run);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
            }
        }
    }

    private boolean cancelIfTold(JournaledRun run) throws IOException {
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
