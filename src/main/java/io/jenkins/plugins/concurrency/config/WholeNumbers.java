package io.jenkins.plugins.concurrency.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Computer;
import hudson.model.Failure;
import hudson.security.AccessControlled;
import hudson.util.FormValidation;
import jenkins.model.Jenkins;

/**
 * The whole numbers that a field may have.
 *
 * @param least the smallest
 * @param most the largest
 */
record WholeNumbers(int least, int most) {

    /** From zero, which means no limit or similar. */
    static final WholeNumbers FROM_ZERO = new WholeNumbers(0, Integer.MAX_VALUE);

    /**
     * Returns the number if it is allowed.
     *
     * @param field for the message
     * @throws Failure if it is not, in one line, which the form shows
     */
    int checked(String field, int number) {
        if (number < least || number > most) {
            throw new Failure(field + ": " + number + " is given; allowed is " + this);
        }
        return number;
    }

    /**
     * The same for a field of agents that may be empty. For users who may configure the agent, or create one.
     *
     * @param computer the agent; {@code null} for a new one
     */
    FormValidation validateOptional(@CheckForNull Computer computer, @CheckForNull String text) {
        AccessControlled place = computer == null ? Jenkins.get() : computer;
        place.checkAnyPermission(Computer.CONFIGURE, Computer.CREATE); // administrators may as well
        return text == null || text.isBlank() ? FormValidation.ok() : toValidation(text);
    }

    /** Checks a text from a form. For administrators. */
    FormValidation validate(@CheckForNull String text) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return toValidation(text == null ? "" : text);
    }

    private FormValidation toValidation(String text) {
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= least && number <= most) {
                return FormValidation.ok();
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        return FormValidation.error(Messages.WholeNumbers_Wrong(this));
    }

    @Override
    public String toString() {
        return most == Integer.MAX_VALUE
                ? Messages.WholeNumbers_From(String.valueOf(least))
                : Messages.WholeNumbers_Between(String.valueOf(least), String.valueOf(most));
    }
}
