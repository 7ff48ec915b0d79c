package io.jenkins.plugins.concurrency.steps.gather;

import io.jenkins.plugins.concurrency.engine.schedule.DurationText;
import io.jenkins.plugins.concurrency.steps.PersistedCause;
import java.time.Duration;

/** An attempt of a branch took longer than the {@code timeout} of its {@code gather}. */
public final class TimeoutCause extends PersistedCause {

    private static final long serialVersionUID = 1;

    public TimeoutCause(Duration limit) {
        super("did not end within " + DurationText.text(limit));
    }

    /** Jenkins finds this class by its name. */
    public static final class ConverterImpl extends AsPipelineCause {}
}
