package io.jenkins.plugins.concurrency.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.util.FormValidation;
import jenkins.model.Jenkins;

/** Times in seconds, also in parts of them; 0 for no limit. */
final class Times {

    private Times() {}

    /**
     * The time, if there is such.
     *
     * @param field for the message
     * @throws IllegalArgumentException if there is not, in one line
     */
    static double checked(String field, double seconds) {
        if (!isAllowed(seconds)) {
            throw new IllegalArgumentException(field + ": " + seconds + " is given; allowed is 0 or more seconds");
        }
        return seconds;
    }

    /** What a form says of a text that was entered. For administrators. */
    static FormValidation validate(@CheckForNull String text) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        try {
            if (isAllowed(Double.parseDouble(text == null ? "" : text.strip()))) {
                return FormValidation.ok();
            }
        } catch (NumberFormatException e) {
            // told below
        }
        return FormValidation.error(Messages.Times_Wrong());
    }

    private static boolean isAllowed(double seconds) {
        return seconds >= 0 && seconds <= Integer.MAX_VALUE; // and a number
    }
}
