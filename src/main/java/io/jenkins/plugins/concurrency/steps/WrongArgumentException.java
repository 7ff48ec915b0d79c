package io.jenkins.plugins.concurrency.steps;

import hudson.AbortException;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;

/**
 * A step was called with something that it can't work with. The message is one line for the build's log. What is kept of it
 * with the build is an {@link AbortException}: see {@link KeptFailures}.
 */
final class WrongArgumentException extends AbortException {

    private static final long serialVersionUID = 1;

    /**
     * @param step the step's function name
     * @param parameter the parameter
     * @param problem what was given and what is allowed
     */
    WrongArgumentException(String step, String parameter, String problem) {
        super(step + ": " + parameter + ": " + LogText.line(problem));
    }

    /** Concerns the call as a whole. */
    WrongArgumentException(String step, String problem) {
        super(step + ": " + LogText.line(problem));
    }

    private WrongArgumentException(String message) {
        super(message);
    }

    /** The same of a parameter that has such arguments in it. */
    WrongArgumentException within(String step, String parameter) {
        String problem = getMessage().substring(getMessage().indexOf(": ") + 2);
        return new WrongArgumentException(step, parameter, problem);
    }

    /** The same without secrets in what was given. */
    WrongArgumentException masked(SecretMask mask) {
        WrongArgumentException masked = new WrongArgumentException(mask.text(getMessage()));
        masked.setStackTrace(getStackTrace());
        return masked;
    }
}
