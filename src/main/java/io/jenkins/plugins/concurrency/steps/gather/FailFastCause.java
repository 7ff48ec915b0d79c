package io.jenkins.plugins.concurrency.steps.gather;

import io.jenkins.plugins.concurrency.steps.PersistedCause;

/** Too many branches of a {@code gather} have failed for its {@code failFast}. */
public final class FailFastCause extends PersistedCause {

    private static final long serialVersionUID = 1;

    public FailFastCause(String reason) {
        super(reason);
    }

    /** Jenkins finds this class by its name. */
    public static final class ConverterImpl extends AsPipelineCause {}
}
