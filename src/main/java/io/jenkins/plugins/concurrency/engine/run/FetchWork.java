package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.fetch.FetchBranch;
import io.jenkins.plugins.concurrency.engine.fetch.FetchEngine;
import io.jenkins.plugins.concurrency.engine.fetch.FetchSettings;
import io.jenkins.plugins.concurrency.engine.fetch.FileNames;
import io.jenkins.plugins.concurrency.engine.fetch.HttpReactor;
import io.jenkins.plugins.concurrency.engine.names.LocalPath;
import io.jenkins.plugins.concurrency.engine.schedule.Attempter;
import io.jenkins.plugins.concurrency.engine.schedule.Pace;
import io.jenkins.plugins.concurrency.engine.schedule.Scheduler;
import io.jenkins.plugins.concurrency.engine.schedule.StartGate;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;

/**
 * Who does a run's fetches.
 *
 * @param limits how many at once
 * @param attempter does them
 * @param parser makes the branches; has to be shown all of them
 * @param afterwards closed when no attempt is under way any more
 */
record FetchWork(
        Scheduler.Limits limits,
        Attempter<FetchBranch> attempter,
        BranchFile.Parser<FetchBranch> parser,
        Closeable afterwards) {

    /**
     * Makes ready for fetches.
     *
     * @param attempts knows what another process has begun
     * @throws IOException if they can't be made, in one line
     */
    static FetchWork of(
            RunSpec spec,
            Work.Fetch work,
            HttpReactor reactor,
            RunSurroundings around,
            AttemptFile attempts)
            throws IOException {
        FetchSettings settings = work.settings();
        if (settings.storage().base() != null) {
            Files.createDirectories(LocalPath.of(settings.storage().base()));
        }
        Pace pace = settings.traffic().newPace();
        int retries = spec.policy().retry().retries();
        FetchEngine engine = new FetchEngine(
                reactor, settings, new FetchEngine.Run(
                        spec.id(), around.budgets().owner(spec.id()), retries, pace, around.variables()));
        engine.notes().forEach(around.said());
        UnrepeatableFetches fetches = new UnrepeatableFetches(engine, settings.requests());
        Scheduler.Limits limits = new Scheduler.Limits(
                settings.traffic().affordable(), settings.traffic().perHost(), pace);
        FileNames names = new FileNames(settings);
        BranchFile.Parser<FetchBranch> parser = (index, json) -> {
            FetchBranch branch = names.read(index, json);
            if (attempts.attempts(index) > 0) {
                fetches.begunBefore(branch);
            }
            return branch;
        };
        return new FetchWork(limits, AttemptFilters.defined(fetches, Definitions.of(work)), parser, engine);
    }

    /** The limits with a gate. */
    Scheduler.Limits limits(StartGate gate) {
        return new Scheduler.Limits(limits.width(), limits.perGroup(), limits.pace(), gate);
    }
}
