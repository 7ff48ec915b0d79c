package io.jenkins.plugins.concurrency.engine.schedule;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the attempts of one scheduler take of one or more budgets. Asked for in the order of the list, the same for all
 * runs, so that none of two waits for what the other one has. Safe for use by many threads.
 */
public final class Permits implements StartGate, Closeable {

    /** Those of a run that shares with nobody. */
    public static final Permits NONE = new Permits(List.of());

    private final List<Part> parts;

    /** Guarded by this. */
    private boolean told;

    private record Part(PermitBudget.Account account, @CheckForNull Runnable onWait) {}

    private Permits(List<Part> parts) {
        this.parts = parts;
    }

    /** These and those of another account. */
    public Permits and(PermitBudget.Account account) {
        return and(account, null);
    }

    /** @param onWait called when others have what the run waits for, of several once; quick */
    public Permits and(PermitBudget.Account account, @CheckForNull Runnable onWait) {
        List<Part> all = new ArrayList<>(parts);
        all.add(new Part(account, onWait));
        return new Permits(List.copyOf(all));
    }

    boolean areNone() {
        return parts.isEmpty();
    }

    /** How much at once makes sense for a run that wants so much. */
    public int width(int wanted) {
        int width = wanted;
        for (Part part : parts) {
            width = part.account().width(width);
        }
        return width;
    }

    /**
     * Connects them with who takes them.
     *
     * @param wake called when there may be permits again
     * @param endIdle called when others need what processes have that do nothing
     */
    public void connect(Runnable wake, Runnable endIdle) {
        parts.forEach(part -> part.account().connect(wake, endIdle));
    }

    @Override
    public Duration pause() {
        for (Part part : parts) {
            Duration pause = part.account().pause();
            if (!pause.isZero()) {
                tell(part);
                return pause;
            }
        }
        return Duration.ZERO;
    }

    private void tell(Part part) {
        synchronized (this) {
            if (told || part.onWait() == null || !part.account().isKeptWaiting()) {
                return;
            }
            told = true;
        }
        part.onWait().run();
    }

    /** An attempt begins. */
    void take() {
        parts.forEach(part -> part.account().take());
    }

    /** An attempt has ended. */
    void release() {
        parts.forEach(part -> part.account().release());
    }

    /** No attempt will begin any more; those under way give back what they have. */
    @Override
    public void close() {
        parts.forEach(part -> part.account().close());
    }
}
