package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.schedule.Durations;
import java.time.Duration;
import jenkins.model.CauseOfInterruption;

/** An attempt of a branch took longer than the {@code timeout} of its {@code gather}. */
public final class GatherTimeout extends CauseOfInterruption {

    private static final long serialVersionUID = 1;

    private final String description;

    GatherTimeout(@NonNull Duration limit) {
        this.description = "did not end within " + Durations.text(limit);
    }

    @Override
    public String getShortDescription() {
        return description;
    }
}
