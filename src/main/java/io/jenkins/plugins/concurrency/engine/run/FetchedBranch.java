package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.schedule.Branch;

/**
 * A branch whose fetch has succeeded.
 *
 * @param fetch its result without the body, which is on the disk: see {@link FetchedItems}
 */
record FetchedBranch(Outcome fetch) implements Branch {

    @Override
    public int index() {
        return fetch.index();
    }

    @Override
    public String name() {
        return fetch.name();
    }
}
