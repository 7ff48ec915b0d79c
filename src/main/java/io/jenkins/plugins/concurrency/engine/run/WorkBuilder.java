package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.fetch.BranchTarget;
import io.jenkins.plugins.concurrency.engine.fetch.FetchBranch;
import io.jenkins.plugins.concurrency.engine.fetch.HttpReactor;
import io.jenkins.plugins.concurrency.engine.names.LocalPath;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.pool.output.BranchOutputs;
import io.jenkins.plugins.concurrency.engine.run.file.AttemptFile;
import io.jenkins.plugins.concurrency.engine.run.file.BranchFile;
import io.jenkins.plugins.concurrency.engine.schedule.Attempter;
import io.jenkins.plugins.concurrency.engine.schedule.Branch;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSource;
import io.jenkins.plugins.concurrency.engine.schedule.DependentBranches;
import io.jenkins.plugins.concurrency.engine.schedule.Permits;
import io.jenkins.plugins.concurrency.engine.schedule.PermittedAttempts;
import io.jenkins.plugins.concurrency.engine.schedule.ScheduleControl;
import io.jenkins.plugins.concurrency.engine.schedule.ScheduleLimits;
import io.jenkins.plugins.concurrency.engine.schedule.Scheduler;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Builds the work of a run from its spec. Reads the inputs from a file if there is one, reuses results of an earlier
 * run, and leaves out branches that are in the journal. Used once, by one thread.
 *
 * @param timer for pauses and time limits
 * @param reactor asked once, if the run fetches
 * @param stopped whether the run is stopped
 * @param onRefused called with the reason if no worker can be started; then no branch can succeed
 */
record WorkBuilder(
        RunContext run,
        RunEnvironment environment,
        ScheduledExecutorService timer,
        Supplier<HttpReactor> reactor,
        BooleanSupplier stopped,
        Consumer<String> onRefused) {

    /**
     * Blocks while files are read.
     *
     * @throws IOException if it can't be done, in one line
     */
    ScheduledWork work() throws IOException {
        Deque<Closeable> opened = new ArrayDeque<>();
        try {
            WorkSpec work = run.spec().work();
            ScheduleControl schedule =
                    work instanceof WorkSpec.Fetch fetch ? fetches(fetch, opened) : pool((WorkSpec.Pool) work, opened);
            return new ScheduledWork(schedule, List.copyOf(opened));
        } catch (IOException | RuntimeException e) {
            for (Closeable each : opened) {
                try {
                    each.close();
                } catch (IOException unclosed) {
                    e.addSuppressed(unclosed);
                }
            }
            throw e;
        }
    }

    private ScheduleControl fetches(WorkSpec.Fetch fetch, Deque<Closeable> opened) throws IOException {
        ProcessingSpec process = fetch.process();
        PoolWork pool = process == null ? null : poolWork(process.pool(), opened);
        ListFile.convert(run.files(), fetch, run.mask(), file -> Files.newInputStream(LocalPath.of(file)));
        AttemptFile attempts = attempts(run.files().attempts(), opened);
        FetchWork work = FetchWork.of(
                run.spec(), fetch, reactor.get(), environment, attempts, limits -> run.record().limits(limits, run.mask()));
        opened.push(work.afterwards());
        reuse(fetch, earlier -> BranchTarget.isUnchanged(fetch.settings(), earlier));
        Permits permits = environment.budgets().requests();
        opened.push(permits);
        return process == null ? fetchOnly(work, permits, attempts) : mixed(work, permits, attempts, process, pool, opened);
    }

    private ScheduleControl fetchOnly(FetchWork work, Permits permits, AttemptFile attempts) throws IOException {
        Attempter<FetchBranch> attempter = permitted(work.attempter(), permits, environment.budgets().longestRequest());
        Scheduler<FetchBranch> scheduler =
                scheduler(work.limits().within(permits), work.parser(), attempter, attempts);
        permits.connect(scheduler::wake, () -> {});
        return scheduler;
    }

    private ScheduleControl mixed(
            FetchWork work,
            Permits requests,
            AttemptFile attempts,
            ProcessingSpec process,
            PoolWork pool,
            Deque<Closeable> opened)
            throws IOException {
        AttemptFile processAttempts = attempts(run.files().processAttempts(), opened);
        FetchAndProcessWork.Parts parts = new FetchAndProcessWork.Parts(work, requests, attempts, pool, processAttempts);
        return new FetchAndProcessWork(run, process, parts, timer, stopped).schedule();
    }

    private ScheduleControl pool(WorkSpec.Pool work, Deque<Closeable> opened) throws IOException {
        PoolWork pool = poolWork(work.settings(), opened);
        ListFile.convert(run.files(), work, run.mask(), environment.host()::open);
        AttemptFile attempts = attempts(run.files().attempts(), opened);
        ReuseKeys<PoolBranch> definitions = ReuseKeys.of(work);
        reuse(work, earlier -> true);
        Attempter<PoolBranch> attempter = permitted(
                AttemptFilters.defined(pool.attempter(), definitions), pool.permits(), Duration.ZERO);
        Scheduler<PoolBranch> scheduler = scheduler(pool.limits(), PoolBranch::fromJson, attempter, attempts);
        pool.permits().connect(scheduler::wake, pool.endIdle());
        return scheduler;
    }

    private static AttemptFile attempts(Path file, Deque<Closeable> opened) throws IOException {
        AttemptFile attempts = new AttemptFile(file);
        opened.push(attempts);
        return attempts;
    }

    private PoolWork poolWork(PoolSettings settings, Deque<Closeable> opened) throws IOException {
        RunSpec spec = run.spec();
        BranchOutputs outputs = new BranchOutputs(
                settings.commands().output(), spec.id(), run.files().kept(), run.mask(), environment.console());
        PoolWork work = PoolWork.of(spec, settings, environment, run.mask(), outputs, onRefused);
        opened.push(work.afterwards());
        return work;
    }

    private <B extends Branch> Attempter<B> permitted(Attempter<B> attempter, Permits permits, Duration longest) {
        return new PermittedAttempts<>(attempter, permits, longest, timer);
    }

    private <B extends Branch> Scheduler<B> scheduler(
            ScheduleLimits limits, BranchFile.Parser<B> parser, Attempter<B> attempter, AttemptFile attempts)
            throws IOException {
        BranchSource<B> branches = DependentBranches.open(
                run.spec().work().needs(),
                leaveOut -> FedBranches.of(run.files(), parser, leaveOut, attempts, stopped),
                run.before()::hasEnded,
                run.before()::status,
                run.sink());
        Scheduler<B> scheduler = new Scheduler<>(
                branches,
                AttemptFilters.scheduled(attempter, run.mask()),
                limits,
                run.spec().policy(),
                run.sink(),
                attempts,
                timer);
        FedBranches.wakeOnGrowth(branches, scheduler, timer);
        return scheduler;
    }

    private void reuse(WorkSpec work, Predicate<Outcome> isThere) throws IOException {
        EarlierResults.reuse(run.files(), work, run.before(), isThere, stopped, run.sink());
    }

    /**
     * The work of a run, not started.
     *
     * @param afterwards closed in this order when nothing is running any more
     */
    record ScheduledWork(ScheduleControl schedule, List<Closeable> afterwards) {}
}
