package io.jenkins.plugins.concurrency.bench.engine;

import io.jenkins.plugins.concurrency.engine.fetch.FetchBranch;
import io.jenkins.plugins.concurrency.engine.fetch.FetchEngine;
import io.jenkins.plugins.concurrency.engine.fetch.FetchSettings;
import io.jenkins.plugins.concurrency.engine.fetch.HttpReactor;
import io.jenkins.plugins.concurrency.engine.fetch.UniqueFileNames;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalWriter;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;
import io.jenkins.plugins.concurrency.engine.run.WorkSpec;
import io.jenkins.plugins.concurrency.engine.run.file.AttemptFile;
import io.jenkins.plugins.concurrency.engine.run.file.BranchFile;
import io.jenkins.plugins.concurrency.engine.schedule.OutcomeSink;
import io.jenkins.plugins.concurrency.engine.schedule.ScheduleLimits;
import io.jenkins.plugins.concurrency.engine.schedule.Scheduler;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;

/**
 * A fetch run that journals everything but the bodies. Each is received, hashed and decoded as always and then dropped,
 * which is also what a peer does that reads a body and forgets it. No step does this, so it is put together here, of
 * the same parts as a run.
 */
final class DiscardingFetch {

    private final RunFiles files;
    private final HttpReactor reactor;
    private final ScheduledExecutorService timer;
    private final OutcomeSink observer;

    DiscardingFetch(RunFiles files, HttpReactor reactor, ScheduledExecutorService timer, OutcomeSink observer) {
        this.files = files;
        this.reactor = reactor;
        this.timer = timer;
        this.observer = observer;
    }

    /** Runs to the end. */
    void run() throws IOException {
        RunSpec spec = files.readSpec();
        FetchSettings settings = ((WorkSpec.Fetch) spec.work()).settings();
        UniqueFileNames names = new UniqueFileNames(settings);
        BranchFile.Parser<FetchBranch> parser = names::read;
        try (JournalWriter journal = new JournalWriter(files.journal());
                AttemptFile attempts = new AttemptFile(files.attempts())) {
            new Scheduler<>(
                            BranchFile.read(files.branches(), parser, index -> false),
                            new FetchEngine(reactor, settings, new FetchEngine.Run(spec.id(), spec.id(), 0, null, name -> null)),
                            new ScheduleLimits(settings.traffic().concurrency(), settings.traffic().perHost(), null),
                            spec.policy(),
                            outcome -> {
                                journal.append(new JournalEntry.Ended(withoutBody(outcome)));
                                observer.ended(outcome);
                            },
                            attempts,
                            timer)
                    .start()
                    .toCompletableFuture()
                    .join();
        }
    }

    private static Outcome withoutBody(Outcome outcome) {
        Map<String, Object> details = new LinkedHashMap<>(outcome.details());
        details.remove(OutcomeDetail.BODY);
        return outcome.with(details);
    }
}
