package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.fetch.FetchBranch;
import io.jenkins.plugins.concurrency.engine.fetch.FetchEngine;
import io.jenkins.plugins.concurrency.engine.fetch.FetchSettings;
import io.jenkins.plugins.concurrency.engine.fetch.HttpReactor;
import io.jenkins.plugins.concurrency.engine.fetch.OriginLimits;
import io.jenkins.plugins.concurrency.engine.fetch.UniqueFileNames;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestDefaults;
import io.jenkins.plugins.concurrency.engine.names.LocalPath;
import io.jenkins.plugins.concurrency.engine.run.file.AttemptFile;
import io.jenkins.plugins.concurrency.engine.run.file.BranchFile;
import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import io.jenkins.plugins.concurrency.engine.schedule.Attempter;
import io.jenkins.plugins.concurrency.engine.schedule.GroupPace;
import io.jenkins.plugins.concurrency.engine.schedule.ScheduleLimits;
import io.jenkins.plugins.concurrency.engine.schedule.StartGate;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.util.BitSet;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The fetches of a run.
 *
 * @param limits how many at once
 * @param attempter does the requests
 * @param parser makes the branches; it must see all of them, also those that are skipped
 * @param afterwards closed when no attempt is running any more
 */
record FetchWork(
        ScheduleLimits limits,
        Attempter<FetchBranch> attempter,
        BranchFile.Parser<FetchBranch> parser,
        Closeable afterwards) {

    /**
     * Prepares the fetches of a run.
     *
     * @param attempts says what another process has begun
     * @param limitReports gets the adaptive limits that have changed, by origin
     * @throws IOException if that is not possible, in one line
     */
    static FetchWork of(
            RunSpec spec,
            WorkSpec.Fetch work,
            HttpReactor reactor,
            RunEnvironment environment,
            AttemptFile attempts,
            Consumer<Map<String, Integer>> limitReports)
            throws IOException {
        FetchSettings settings = work.settings();
        if (settings.storage().base() != null) {
            Files.createDirectories(LocalPath.of(settings.storage().base()));
        }
        GroupPace pace = settings.traffic().newPace();
        int retries = spec.policy().retry().retries();
        FetchEngine engine = new FetchEngine(
                reactor, settings, new FetchEngine.Run(
                        spec.id(), environment.budgets().owner(spec.id()), retries, pace, environment.variables()));
        engine.notes().forEach(environment.console());
        UnrepeatableFetches fetches = new UnrepeatableFetches(engine, settings.requests());
        OriginLimits origins =
                settings.traffic().auto() ? new OriginLimits(settings.traffic(), settings.requests(), limitReports) : null;
        int width = settings.traffic().affordable();
        ScheduleLimits limits = origins == null
                ? new ScheduleLimits(width, settings.traffic().perHost(), pace)
                : new ScheduleLimits(width, origins, pace, StartGate.OPEN);
        UniqueFileNames names = new UniqueFileNames(settings);
        BranchFile.Parser<FetchBranch> parser = (index, json) -> {
            FetchBranch branch = names.read(index, json);
            if (attempts.attempts(index) > 0) {
                fetches.begunBefore(branch);
            }
            return branch;
        };
        Attempter<FetchBranch> limited = origins == null ? fetches : origins.limited(fetches);
        Closeable afterwards = origins == null ? engine : () -> {
            origins.close();
            engine.close();
        };
        return new FetchWork(limits, AttemptFilters.defined(limited, ReuseKeys.of(work)), parser, afterwards);
    }

    /** The limits with a gate. */
    ScheduleLimits limits(StartGate gate) {
        return new ScheduleLimits(limits.width(), limits.perGroup(), limits.pace(), gate);
    }

    /**
     * Never repeats a request that the server may have carried out. If an earlier process has sent it, its end is
     * unknown, and its method is not safe to repeat, the branch is lost.
     */
    private static final class UnrepeatableFetches implements Attempter<FetchBranch> {

        private final Attempter<FetchBranch> fetches;
        private final RequestDefaults defaults;

        /** Guarded by this. */
        private final BitSet lost = new BitSet();

        /** @param defaults have the method of branches without their own */
        UnrepeatableFetches(Attempter<FetchBranch> fetches, RequestDefaults defaults) {
            this.fetches = fetches;
            this.defaults = defaults;
        }

        /** Another process has begun the branch. Called before the first attempt of this process. */
        synchronized void begunBefore(FetchBranch branch) {
            if (!branch.isIdempotent(defaults)) {
                lost.set(branch.index());
            }
        }

        @Override
        public Attempt attempt(FetchBranch branch, int number) {
            synchronized (this) {
                if (lost.get(branch.index())) {
                    return Attempt.ended(AttemptResult.lost(
                            "the request may have been carried out before its process ended; it was not sent again"));
                }
            }
            return fetches.attempt(branch, number);
        }

        @Override
        public String groupOf(FetchBranch branch) {
            return fetches.groupOf(branch);
        }
    }
}
