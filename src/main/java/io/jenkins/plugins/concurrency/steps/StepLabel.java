package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.Serializable;

/** How a step presents itself and its failures. Immutable; part of a Pipeline's program state. */
final class StepLabel implements Serializable {

    private static final long serialVersionUID = 1;

    private final String function;

    @CheckForNull
    private final String name;

    private final OnFailure onFailure;
    private final boolean quiet;

    StepLabel(@NonNull String function, @CheckForNull String name, @NonNull OnFailure onFailure, boolean quiet) {
        this.function = function;
        this.name = name;
        this.onFailure = onFailure;
        this.quiet = quiet;
    }

    /** The step's function name. */
    @NonNull
    String function() {
        return function;
    }

    /** What its lines in the log begin with. */
    @NonNull
    String text() {
        return name == null ? function : LogText.line(name);
    }

    @NonNull
    OnFailure onFailure() {
        return onFailure;
    }

    boolean isQuiet() {
        return quiet;
    }
}
