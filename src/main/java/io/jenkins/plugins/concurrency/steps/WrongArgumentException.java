package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;

/** A step was called with something that it can't work with. The message is one line for the build's log. */
final class WrongArgumentException extends AbortException {

    private static final long serialVersionUID = 1;

    /**
     * @param step the step's function name
     * @param parameter the parameter
     * @param problem what was given and what is allowed
     */
    WrongArgumentException(@NonNull String step, @NonNull String parameter, @NonNull String problem) {
        super(step + ": " + parameter + ": " + LogText.line(problem));
    }

    /** Concerns the call as a whole. */
    WrongArgumentException(@NonNull String step, @NonNull String problem) {
        super(step + ": " + LogText.line(problem));
    }
}
