package io.jenkins.plugins.concurrency.engine.distribution;

import io.jenkins.plugins.concurrency.engine.run.file.Feed;
import io.jenkins.plugins.concurrency.engine.schedule.Branch;

/**
 * A branch that a node has, or will get.
 *
 * @param name its name
 * @param line what is sent to the node
 * @param deaths how many nodes have died while it was under way there
 */
record AssignedBranch(String name, Feed.Line line, int deaths) implements Branch {

    /** A branch that no node has died of, as far as is known. */
    static AssignedBranch of(Feed.Line line) {
        return new AssignedBranch(String.valueOf(line.fields().get("name")), line, 0);
    }

    @Override
    public int index() {
        return line.index();
    }

    /** The same after its node has died: that counts as an attempt. */
    AssignedBranch interrupted() {
        return new AssignedBranch(name, new Feed.Line(line.index(), line.attempts() + 1, line.fields()), deaths + 1);
    }
}
