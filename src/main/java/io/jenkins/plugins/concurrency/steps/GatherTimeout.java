package io.jenkins.plugins.concurrency.steps;

import io.jenkins.plugins.concurrency.engine.schedule.Durations;
import java.time.Duration;

/** An attempt of a branch took longer than the {@code timeout} of its {@code gather}. */
public final class GatherTimeout extends KeptCause {

    private static final long serialVersionUID = 1;

    GatherTimeout(Duration limit) {
        super("did not end within " + Durations.text(limit));
    }

    /** Found by its name. */
    public static final class ConverterImpl extends AsPipelineCause {}
}
