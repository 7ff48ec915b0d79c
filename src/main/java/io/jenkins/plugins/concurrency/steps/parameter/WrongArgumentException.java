package io.jenkins.plugins.concurrency.steps.parameter;

import hudson.AbortException;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.steps.KeptFailures;
import io.jenkins.plugins.concurrency.steps.log.LogText;

/**
 * A step was called with an invalid argument. The message is one line for the build's log. With the build, an
 * {@link AbortException} is stored instead: see {@link KeptFailures}.
 */
public final class WrongArgumentException extends AbortException {

    private static final long serialVersionUID = 1;

    /**
     * @param step the step's function name
     * @param parameter the parameter
     * @param problem what was given and what is allowed
     */
    public WrongArgumentException(String step, String parameter, String problem) {
        super(step + ": " + parameter + ": " + LogText.line(problem));
    }

    /** A problem with the call as a whole. */
    public WrongArgumentException(String step, String problem) {
        super(step + ": " + LogText.line(problem));
    }

    private WrongArgumentException(String message) {
        super(message);
    }

    /** The same problem, reported for a parameter that contains such arguments. */
    public WrongArgumentException within(String step, String parameter) {
        String problem = getMessage().substring(getMessage().indexOf(": ") + 2);
        return new WrongArgumentException(step, parameter, problem);
    }

    /** A copy without secrets. */
    public WrongArgumentException masked(SecretMask mask) {
        WrongArgumentException masked = new WrongArgumentException(mask.text(getMessage()));
        masked.setStackTrace(getStackTrace());
        return masked;
    }
}
