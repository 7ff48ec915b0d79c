package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import jenkins.model.CauseOfInterruption;

/** Another branch of a {@code gather} failed, and {@code failFast} was set. */
public final class GatherFailFast extends CauseOfInterruption {

    private static final long serialVersionUID = 1;

    private final String failed;

    GatherFailFast(@NonNull String failed) {
        this.failed = failed;
    }

    @Override
    public String getShortDescription() {
        return "failFast: '" + failed + "' failed";
    }
}
