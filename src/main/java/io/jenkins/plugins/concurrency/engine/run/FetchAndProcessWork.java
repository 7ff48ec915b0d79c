package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.fetch.FetchBranch;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.engine.run.file.AttemptFile;
import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import io.jenkins.plugins.concurrency.engine.schedule.Attempter;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSettings;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSource;
import io.jenkins.plugins.concurrency.engine.schedule.HandoffQueue;
import io.jenkins.plugins.concurrency.engine.schedule.LinkedSchedule;
import io.jenkins.plugins.concurrency.engine.schedule.OutcomeSink;
import io.jenkins.plugins.concurrency.engine.schedule.Permits;
import io.jenkins.plugins.concurrency.engine.schedule.PermittedAttempts;
import io.jenkins.plugins.concurrency.engine.schedule.ScheduleControl;
import io.jenkins.plugins.concurrency.engine.schedule.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Fetches whose results are processed by a pool as they arrive. A branch is fetched, waits in a bounded queue, and is
 * processed. Its one outcome in the journal has both parts. When the queue is full, nothing more is fetched.
 */
final class FetchAndProcessWork {

    /** How many fetched branches may wait for each worker. So no worker has to wait between two fetches. */
    private static final int WAITING_PER_WORKER = 4;

    private static final int MIN_WAITING = 16;

    private final BranchSettings policy;
    private final SecretMask mask;
    private final FetchedItems items;
    private final RunJournal record;
    private final OutcomeSink sink;
    private final FetchCount count;
    private final HandoffQueue<FetchedItems.FetchedBranch> waiting;
    private final Map<Integer, FetchedItems.FetchedBranch> unfinished = new ConcurrentHashMap<>();
    private final ScheduleControl schedule;

    /**
     * What fetches and processes the branches, and counts their attempts.
     *
     * @param requests what fetches take
     * @param fetchAttempts counts fetches
     * @param processAttempts counts what the pool does
     */
    record Parts(
            FetchWork fetches,
            Permits requests,
            AttemptFile fetchAttempts,
            PoolWork pool,
            AttemptFile processAttempts) {}

    /**
     * Reads what another process has left. Starts nothing.
     *
     * @throws IOException if the run directory can't be read or written
     */
    FetchAndProcessWork(
            RunContext run, ProcessingSpec processing, Parts parts, ScheduledExecutorService timer, BooleanSupplier isStopped)
            throws IOException {
        RunFiles files = run.files();
        JournalIndex before = run.before();
        this.policy = run.spec().policy();
        this.mask = run.mask();
        this.record = run.record();
        this.sink = run.sink();
        this.items = new FetchedItems(files.fetched());
        PoolWork pool = parts.pool();
        this.waiting = new HandoffQueue<>(Math.max(MIN_WAITING, WAITING_PER_WORKER * pool.workers()));
        SortedMap<Integer, FetchedItems.FetchedBranch> left = items.remaining(before::hasEnded);
        this.count = FetchCount.after(before, left.size(), record);
        left.values().forEach(this::enqueue);
        Attempter<FetchBranch> permitted =
                new PermittedAttempts<>(parts.fetches().attempter(), parts.requests(), Duration.ZERO, timer);
        Attempter<FetchBranch> fetches = AttemptFilters.numbered(permitted, pool.workers());
        BranchSource<FetchBranch> branches = FedBranches.of(
                files,
                parts.fetches().parser(),
                index -> before.hasEnded(index) || left.containsKey(index),
                parts.fetchAttempts(),
                isStopped);
        Scheduler<FetchBranch> fetching = new Scheduler<>(
                branches,
                AttemptFilters.scheduled(fetches, SecretMask.NONE), // what the pool gets is not masked
                parts.fetches().limits(waiting).within(parts.requests()),
                policy,
                this::fetched,
                parts.fetchAttempts(),
                timer);
        FedBranches.wakeOnGrowth(branches, fetching, timer);
        boolean commands = processing.pool().template() != null;
        Attempter<FetchedItems.FetchedBranch> processes = new ProcessAttempter(items, pool.attempter(), commands);
        Attempter<FetchedItems.FetchedBranch> work = new PermittedAttempts<>(processes, pool.permits(), Duration.ZERO, timer);
        Scheduler<FetchedItems.FetchedBranch> working = new Scheduler<>(
                waiting,
                AttemptFilters.scheduled(work, mask),
                pool.limits(),
                processing.policy(),
                this::processed,
                parts.processAttempts(),
                timer);
        parts.requests().connect(fetching::wake, () -> {});
        pool.permits().connect(working::wake, pool.endIdle());
        this.schedule = LinkedSchedule.of(fetching, working, waiting);
    }

    /** The work, not started. */
    ScheduleControl schedule() {
        return schedule;
    }

    private void enqueue(FetchedItems.FetchedBranch branch) {
        unfinished.put(branch.index(), branch);
        waiting.put(branch);
    }

    private void fetched(Outcome fetch) throws IOException {
        if (fetch.status() == OutcomeStatus.SUCCEEDED) {
            FetchedItems.FetchedBranch kept = items.keep(fetch);
            count.add();
            enqueue(kept);
        } else {
            Outcome whole = FetchedDetails.notProcessed(fetch);
            sink.ended(whole.with(mask.details(whole.details())));
        }
    }

    private void processed(Outcome process) throws IOException {
        FetchedItems.FetchedBranch branch = unfinished.remove(process.index());
        Map<String, Object> details = new LinkedHashMap<>(process.details());
        if (details.keySet().stream().allMatch(OutcomeDetail.TRIES::equals)) { // it was cancelled before or between attempts
            details.putAll(mask.details(FetchedDetails.of(items.read(branch.index()))));
        }
        sink.ended(FetchedDetails.processed(branch.fetch(), process, details));
        if (process.status() == OutcomeStatus.SUCCEEDED || !record.isSuspended()) { // else the next process processes it
            items.remove(branch.index());
        }
        count.report();
    }

    /** Writes from time to time into the journal how much has been fetched: branches of such a run end only later. */
    private static final class FetchCount {

        private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

        private final RunJournal record;

        // Guarded by this.
        private int fetched;
        private int reported;
        private long reportedNanos = System.nanoTime() - INTERVAL_NANOS;

        private FetchCount(int fetched, RunJournal record) {
            this.fetched = fetched;
            this.record = record;
        }

        /**
         * Continues from what another process has done.
         *
         * @param left how many branches it has fetched and not processed
         */
        static FetchCount after(JournalIndex before, int left, RunJournal record) throws IOException {
            AtomicInteger processed = new AtomicInteger();
            before.forEach(outcome -> {
                if (outcome.details().get(OutcomeDetail.PROCESS_ATTEMPTS) instanceof Number attempts && attempts.intValue() > 0) {
                    processed.incrementAndGet();
                }
            });
            return new FetchCount(processed.get() + left, record);
        }

        synchronized void add() throws IOException {
            fetched++;
            report();
        }

        /** Reports the new number, if it is time. */
        synchronized void report() throws IOException {
            long now = System.nanoTime();
            if (fetched > reported && now - reportedNanos >= INTERVAL_NANOS) {
                reported = fetched;
                reportedNanos = now;
                record.fetched(fetched);
            }
        }
    }

    /**
     * Passes fetched bodies to a pool: the path of the file to commands, a map to others. Results have both parts.
     *
     * @param wantsFiles whether the pool runs commands
     */
    private record ProcessAttempter(FetchedItems items, Attempter<PoolBranch> pool, boolean wantsFiles)
            implements Attempter<FetchedItems.FetchedBranch> {

        @Override
        public Attempt attempt(FetchedItems.FetchedBranch branch, int number) {
            Map<String, Object> fetched;
            try {
                fetched = FetchedDetails.of(items.read(branch.index()));
            } catch (IOException e) {
                return Attempt.ended(AttemptResult.permanentFailure(
                        ErrorType.ERROR, "can't read the fetched body: " + FailureText.of(e)));
            }
            if (wantsFiles && !fetched.containsKey(OutcomeDetail.PATH)) {
                String problem = "the body is in no file that the command could read; give 'toDir', or a 'file' to the request";
                return Attempt.ended(AttemptResult.permanentFailure(ErrorType.INVALID, problem).with(fetched));
            }
            Object input = wantsFiles ? fetched.get(OutcomeDetail.PATH) : input(branch, fetched);
            Attempt attempt = pool.attempt(new PoolBranch(branch.index(), branch.name(), null, input), number);
            return attempt.mapResult(result -> merge(fetched, result));
        }

        /** With the names that scripts know. */
        private static Map<String, Object> input(FetchedItems.FetchedBranch branch, Map<String, Object> fetched) {
            Map<String, Object> input = new LinkedHashMap<>();
            input.put("name", branch.name());
            fetched.forEach((name, value) -> input.put(name.equals(OutcomeDetail.STATUS) ? "status" : name, value));
            input.remove(OutcomeDetail.DEFINITION);
            return input;
        }

        private static AttemptResult merge(Map<String, Object> fetched, AttemptResult result) {
            Map<String, Object> details = new LinkedHashMap<>(fetched);
            details.putAll(result.details());
            return result.with(details);
        }
    }
}
