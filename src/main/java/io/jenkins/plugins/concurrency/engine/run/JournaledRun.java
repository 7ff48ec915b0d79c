package io.jenkins.plugins.concurrency.engine.run;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.fetch.FetchBranch;
import io.jenkins.plugins.concurrency.engine.fetch.FetchEngine;
import io.jenkins.plugins.concurrency.engine.fetch.FetchSettings;
import io.jenkins.plugins.concurrency.engine.fetch.FileNames;
import io.jenkins.plugins.concurrency.engine.fetch.HttpReactor;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.journal.JournalWriter;
import io.jenkins.plugins.concurrency.engine.pool.CommandAttempter;
import io.jenkins.plugins.concurrency.engine.pool.CommandTemplate;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.pool.function.FunctionAttempter;
import io.jenkins.plugins.concurrency.engine.process.ProcessKiller;
import io.jenkins.plugins.concurrency.engine.process.Shell;
import io.jenkins.plugins.concurrency.engine.schedule.Attempter;
import io.jenkins.plugins.concurrency.engine.schedule.Branch;
import io.jenkins.plugins.concurrency.engine.schedule.OutcomeSink;
import io.jenkins.plugins.concurrency.engine.schedule.Scheduler;
import io.jenkins.plugins.concurrency.engine.schedule.Tally;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A run from its run directory to the last line of its journal. What the journal has already is not done again, so
 * that the same call begins a run and goes on with one whose process died. Used by the supervisor on an agent and, for
 * fetches outside {@code node}, by the controller.
 */
public final class JournaledRun {

    private final RunFiles files;
    private final ScheduledExecutorService timer;
    private final Supplier<HttpReactor> reactor;
    private final OutcomeSink observer;

    /** Whether the process is about to end, so that what ends now says nothing about its branch. */
    private volatile boolean suspended;

    // Guarded by this.
    private Scheduler<?> scheduler;
    private String cancelled;
    private String refused;

    /**
     * @param files the run directory, with its spec
     * @param timer for pauses and time limits
     * @param reactor asked once, if the run fetches
     * @param observer told of each outcome after it has been journaled
     */
    public JournaledRun(
            @NonNull RunFiles files,
            @NonNull ScheduledExecutorService timer,
            @NonNull Supplier<HttpReactor> reactor,
            @NonNull OutcomeSink observer) {
        this.files = files;
        this.timer = timer;
        this.reactor = reactor;
        this.observer = observer;
    }

    /**
     * Starts the run and returns when its first branches are under way.
     *
     * @return completes with the journal's last line, after it has been written
     * @throws IOException if the run can't be started, in one line; nothing is under way then
     */
    @NonNull
    public CompletionStage<JournalEntry.Finished> start() throws IOException {
        RunSpec spec = files.readSpec();
        JournalIndex before = JournalIndex.read(files.journal());
        if (Files.exists(files.journal())) {
            // What a dead predecessor has started would otherwise run beside its own repetition.
            ProcessKiller.kill(PoolEnvironment.runCookie(spec.id())).toCompletableFuture().join();
        }
        JournalWriter journal = new JournalWriter(files.journal());
        try {
            journal.append(new JournalEntry.Started(spec.id(), ProcessHandle.current().pid()));
            return start(spec, before, journal).handle((tally, thrown) -> finish(journal, before, tally, thrown));
        } catch (IOException | RuntimeException e) {
            finish(journal, before, null, e);
            throw e;
        }
    }

    /**
     * Stops the run; every branch that has not ended ends as cancelled.
     *
     * @param why for people, one line
     */
    public void cancel(@NonNull String why) {
        Scheduler<?> current;
        synchronized (this) {
            if (cancelled == null) {
                cancelled = why;
            }
            current = scheduler;
        }
        if (current != null) {
            current.cancel(why);
        }
    }

    /** Leaves the journal as it is from now on: the process is about to end, and another one will go on. */
    public void suspend() {
        suspended = true;
    }

    private CompletionStage<Tally> start(RunSpec spec, JournalIndex before, JournalWriter journal) throws IOException {
        OutcomeSink sink = outcome -> {
            if (suspended) {
                return;
            }
            journal.append(new JournalEntry.Ended(outcome));
            observer.ended(outcome);
        };
        if (spec.work() instanceof Work.Fetch fetch) {
            return startFetch(spec, fetch, before, sink);
        }
        return startPool(spec, ((Work.Pool) spec.work()).settings(), before, sink);
    }

    private CompletionStage<Tally> startFetch(RunSpec spec, Work.Fetch fetch, JournalIndex before, OutcomeSink sink)
            throws IOException {
        if (fetch.urlsFile() != null && !Files.exists(files.branches())) {
            UrlsFile.convert(Path.of(fetch.urlsFile()), files.branches());
        }
        FetchSettings settings = fetch.settings();
        if (settings.storage().base() != null) {
            Files.createDirectories(Path.of(settings.storage().base()));
        }
        UnrepeatableFetches fetches = new UnrepeatableFetches(
                new FetchEngine(reactor.get(), settings, spec.id()),
                settings.requests());
        AttemptFile attempts = new AttemptFile(files.attempts());
        Scheduler.Limits limits = new Scheduler.Limits(settings.concurrency(), settings.perHost());
        FileNames names = new FileNames(settings);
        BranchFile.Parser<FetchBranch> parser = (index, json) -> {
            FetchBranch branch = names.named(FetchBranch.fromJson(index, json));
            if (attempts.attempts(index) > 0) {
                fetches.begunBefore(branch);
            }
            return branch;
        };
        return schedule(spec, limits, before, parser, fetches, attempts, sink, () -> {});
    }

    private CompletionStage<Tally> startPool(
            RunSpec spec, PoolSettings settings, JournalIndex before, OutcomeSink sink) throws IOException {
        Scheduler.Limits limits = new Scheduler.Limits(settings.effectiveWorkers(), 0);
        Path directory = Files.createDirectories(Path.of(settings.directory()));
        AttemptFile attempts = new AttemptFile(files.attempts());
        if (settings.function() != null) {
            FunctionAttempter functions = new FunctionAttempter(
                    settings.function(), limits.width(), directory, files.outputs(), spec.id(), this::functionRefused);
            return schedule(spec, limits, before, PoolBranch::fromJson, functions, attempts, sink, functions);
        }
        if (settings.template() != null && Shell.local() == Shell.WINDOWS) {
            throw new IOException("'inputs' with 'command' needs a POSIX shell; use 'tasks' or 'groovy' on Windows");
        }
        CommandTemplate template = settings.template() == null ? null : CommandTemplate.parse(settings.template());
        CommandAttempter commands = new CommandAttempter(template, directory, files.outputs(), spec.id());
        return schedule(spec, limits, before, PoolBranch::fromJson, commands, attempts, sink, () -> {});
    }

    private <B extends Branch> CompletionStage<Tally> schedule(
            RunSpec spec,
            Scheduler.Limits limits,
            JournalIndex before,
            BranchFile.Parser<B> parser,
            Attempter<B> attempter,
            AttemptFile attempts,
            OutcomeSink sink,
            Closeable afterwards)
            throws IOException {
        Scheduler<B> created = new Scheduler<>(
                BranchFile.read(files.branches(), parser, before::hasEnded),
                attempter,
                limits,
                spec.policy(),
                sink,
                attempts,
                timer);
        String cancelledBefore;
        synchronized (this) {
            scheduler = created;
            cancelledBefore = cancelled;
        }
        if (cancelledBefore != null) {
            created.cancel(cancelledBefore);
        }
        return created.start()
                .whenComplete((tally, thrown) -> close(afterwards))
                .whenComplete((tally, thrown) -> close(attempts))
                .handle((tally, thrown) -> ProcessKiller.kill(PoolEnvironment.runCookie(spec.id()))
                        .thenCompose(ignored -> result(tally, thrown)))
                .thenCompose(Function.identity());
    }

    private static void close(Closeable resource) {
        try {
            resource.close();
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private static CompletionStage<Tally> result(Tally tally, Throwable thrown) {
        return thrown == null ? CompletableFuture.completedFuture(tally) : CompletableFuture.failedFuture(thrown);
    }

    /** A function that does not compile can't serve any branch, so the run ends with one message instead of many. */
    private void functionRefused(String why) {
        synchronized (this) {
            if (refused == null) {
                refused = "the function does not compile: " + why;
            }
        }
        cancel("the function does not compile");
    }

    private JournalEntry.Finished finish(JournalWriter journal, JournalIndex before, Tally tally, Throwable thrown) {
        int total = before.ended() + (tally == null ? 0 : tally.total());
        JournalEntry.Finished last = new JournalEntry.Finished(total, failure(thrown));
        try (journal) {
            if (!suspended) {
                journal.append(last);
            }
        } catch (IOException e) {
            throw new CompletionException("can't write the journal's last line: " + e.getMessage(), e);
        }
        return last;
    }

    private synchronized String failure(Throwable thrown) {
        if (refused != null) {
            return refused;
        }
        if (thrown == null) {
            return null;
        }
        Throwable cause = thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause instanceof NoSuchFileException missing) {
            return "there is no file " + missing.getFile();
        }
        return cause instanceof IOException ? cause.getMessage() : cause.toString();
    }
}
