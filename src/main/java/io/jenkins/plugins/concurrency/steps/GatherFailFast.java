package io.jenkins.plugins.concurrency.steps;

/** Another branch of a {@code gather} failed, and {@code failFast} was set. */
public final class GatherFailFast extends KeptCause {

    private static final long serialVersionUID = 1;

    GatherFailFast(String failed) {
        super("failFast: '" + failed + "' failed");
    }

    /** Found by its name. */
    public static final class ConverterImpl extends AsPipelineCause {}
}
