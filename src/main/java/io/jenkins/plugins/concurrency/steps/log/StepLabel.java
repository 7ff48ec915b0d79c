package io.jenkins.plugins.concurrency.steps.log;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import java.io.Serializable;

/** The name of a step in its messages and failures. Immutable; part of a Pipeline's program state. */
public final class StepLabel implements Serializable {

    private static final long serialVersionUID = 1;

    private final String function;

    @CheckForNull
    private final String name;

    private final OnFailure onFailure;
    private final boolean quiet;

    @CheckForNull
    private final String junit;

    public StepLabel(String function, @CheckForNull String name, OnFailure onFailure, boolean quiet) {
        this(function, name, onFailure, quiet, null);
    }

    private StepLabel(
            String function, @CheckForNull String name, OnFailure onFailure, boolean quiet, @CheckForNull String junit) {
        this.function = function;
        this.name = name;
        this.onFailure = onFailure;
        this.quiet = quiet;
        this.junit = junit;
    }

    /** The step's function name. */
    public String function() {
        return function;
    }

    /** The text that its log lines begin with. */
    public String text() {
        return name == null ? function : LogText.line(name);
    }

    /** A copy without secrets in the name, because the name is stored in the program state and shown on pages. */
    public StepLabel masked(SecretMask mask) {
        return name == null ? this : new StepLabel(function, mask.text(name), onFailure, quiet, junit);
    }

    public OnFailure onFailure() {
        return onFailure;
    }

    public boolean isQuiet() {
        return quiet;
    }

    /** A copy with the file that gets the branches as test results; {@code null} for none. */
    public StepLabel writing(@CheckForNull String file) {
        return new StepLabel(function, name, onFailure, quiet, file);
    }

    /** The file that gets the branches as test results, relative to the step's directory; {@code null} for none. */
    @CheckForNull
    public String junit() {
        return junit;
    }
}
