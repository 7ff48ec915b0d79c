package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.fetch.FetchBranch;
import io.jenkins.plugins.concurrency.engine.fetch.RequestDefaults;
import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import io.jenkins.plugins.concurrency.engine.schedule.Attempter;
import java.util.BitSet;

/**
 * Keeps requests that may have been carried out from being sent once more: what a process before this one had begun, and
 * nobody saw end, is lost if its method is not safe to repeat.
 */
final class UnrepeatableFetches implements Attempter<FetchBranch> {

    private final Attempter<FetchBranch> fetches;
    private final RequestDefaults defaults;

    /** Guarded by this. */
    private final BitSet lost = new BitSet();

    /** @param defaults for branches that have no method of their own */
    UnrepeatableFetches(Attempter<FetchBranch> fetches, RequestDefaults defaults) {
        this.fetches = fetches;
        this.defaults = defaults;
    }

    /** A branch has been begun by another process. Called before any attempt of this one. */
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
