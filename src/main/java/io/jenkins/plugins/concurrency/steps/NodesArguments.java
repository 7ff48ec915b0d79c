package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Label;
import io.jenkins.plugins.concurrency.nodes.NodesRequest;
import io.jenkins.plugins.concurrency.nodes.TaskUser;

/** Reads the parameters that put a step's work on nodes of its own. */
final class NodesArguments {

    /** What {@code nodes} is where nobody gives it. */
    static final int DEFAULT_NODES = 1;

    private final BranchStep step;

    @CheckForNull
    private final String label;

    private final int nodes;

    @CheckForNull
    private final String stash;

    NodesArguments(@NonNull BranchStep step, @CheckForNull String label, int nodes, @CheckForNull String stash) {
        this.step = step;
        this.label = label;
        this.nodes = nodes;
        this.stash = stash;
    }

    /** The nodes that are asked for; {@code null} if the step works where it is. To be called as the build's user. */
    @CheckForNull
    NodesRequest request() throws WrongArgumentException {
        step.atLeast("nodes", 1, nodes);
        if (label == null) {
            if (nodes != DEFAULT_NODES || stash != null) {
                throw step.wrong(
                        stash == null ? "nodes" : "stash", "is given without 'label', which says what nodes are meant");
            }
            return null;
        }
        try {
            Label.parseExpression(label);
        } catch (IllegalArgumentException e) {
            throw step.wrong("label", "'" + label + "' is no label: " + e.getMessage());
        }
        return new NodesRequest(label, nodes, stash, TaskUser.current());
    }
}
