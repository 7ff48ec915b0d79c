package io.jenkins.plugins.concurrency.steps.gather;

import io.jenkins.plugins.concurrency.steps.PersistedCause;

/** Another branch of a {@code gather} failed, and {@code failFast} was set. */
public final class FailFastCause extends PersistedCause {

    private static final long serialVersionUID = 1;

    public FailFastCause(String failed) {
        super("failFast: '" + failed + "' failed");
    }

    /** Found by its name. */
    public static final class ConverterImpl extends AsPipelineCause {}
}
