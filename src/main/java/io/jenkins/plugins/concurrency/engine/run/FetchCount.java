package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.outcome.Detail;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Tells the journal now and then how much has been fetched, for whoever watches a run whose branches end later. */
final class FetchCount {

    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final RunRecord record;

    // Guarded by this.
    private int fetched;
    private int told;
    private long toldNanos = System.nanoTime() - INTERVAL_NANOS;

    private FetchCount(int fetched, RunRecord record) {
        this.fetched = fetched;
        this.record = record;
    }

    /**
     * Goes on from what another process has done.
     *
     * @param left how many branches it has fetched and not processed
     */
    static FetchCount after(JournalIndex before, int left, RunRecord record) throws IOException {
        AtomicInteger processed = new AtomicInteger();
        before.forEach(outcome -> {
            if (outcome.details().get(Detail.PROCESS_ATTEMPTS) instanceof Number attempts && attempts.intValue() > 0) {
                processed.incrementAndGet();
            }
        });
        return new FetchCount(processed.get() + left, record);
    }

    /** One more has been fetched. */
    synchronized void add() throws IOException {
        fetched++;
        tell();
    }

    /** Tells what has not been told, if it is time. */
    synchronized void tell() throws IOException {
        long now = System.nanoTime();
        if (fetched > told && now - toldNanos >= INTERVAL_NANOS) {
            told = fetched;
            toldNanos = now;
            record.fetched(fetched);
        }
    }
}
