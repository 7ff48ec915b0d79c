package io.jenkins.plugins.concurrency.engine.schedule;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The permits of one scheduler's attempts, from one or more budgets. All runs ask the budgets in the order of the list,
 * so no two runs wait for each other. While a run waits for one budget, it keeps what it got before. So the budget that
 * all runs need comes last. Only permits of the first budget are given back meanwhile: each run can always get some of
 * them, whatever others have. Thread-safe.
 */
public final class Permits implements StartGate, Closeable {

    /** For a run that shares with nobody. */
    public static final Permits NONE = new Permits(List.of());

    private final List<Entry> entries;

    /** Guarded by this. */
    private boolean waitReported;

    private record Entry(PermitBudget.Account account, @CheckForNull Runnable onWait) {}

    private Permits(List<Entry> entries) {
        this.entries = entries;
    }

    /** These permits and those of another account. */
    public Permits and(PermitBudget.Account account) {
        return and(account, null);
    }

    /** @param onWait called once when the run waits for permits that others have; must be fast */
    public Permits and(PermitBudget.Account account, @CheckForNull Runnable onWait) {
        List<Entry> all = new ArrayList<>(entries);
        all.add(new Entry(account, onWait));
        return new Permits(List.copyOf(all));
    }

    /** How many attempts at once make sense for a run that asks for so many. */
    public int width(int wanted) {
        int width = wanted;
        for (Entry entry : entries) {
            width = entry.account().width(width);
        }
        return width;
    }

    /**
     * Connects the accounts with the run.
     *
     * @param wake called when there may be permits again
     * @param endIdle called when others need the permits of idle processes
     */
    public void connect(Runnable wake, Runnable endIdle) {
        entries.forEach(entry -> entry.account().connect(wake, endIdle));
    }

    @Override
    public Duration pause() {
        for (int i = 0; i < entries.size(); i++) {
            Duration pause = entries.get(i).account().pause();
            if (!pause.isZero()) {
                reportWait(entries.get(i));
                giveBackOthers(i);
                return pause;
            }
        }
        return Duration.ZERO;
    }

    private void giveBackOthers(int awaited) {
        for (int i = 0; i < entries.size(); i++) {
            if (i > awaited || i == 0 && awaited > 0) {
                entries.get(i).account().giveBack();
            }
        }
    }

    private void reportWait(Entry entry) {
        synchronized (this) {
            if (waitReported || entry.onWait() == null || !entry.account().isKeptWaiting()) {
                return;
            }
            waitReported = true;
        }
        entry.onWait().run();
    }

    /** Called when an attempt begins. */
    void take() {
        entries.forEach(entry -> entry.account().take());
    }

    /** Called when an attempt has ended. */
    void release() {
        entries.forEach(entry -> entry.account().release());
    }

    /** Called when no attempt will begin any more. Running ones still give back their permits. */
    @Override
    public void close() {
        entries.forEach(entry -> entry.account().close());
    }
}
