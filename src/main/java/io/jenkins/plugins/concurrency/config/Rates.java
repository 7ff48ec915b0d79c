package io.jenkins.plugins.concurrency.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.util.FormValidation;
import io.jenkins.plugins.concurrency.engine.fetch.TrafficSettings;
import java.math.BigDecimal;
import jenkins.model.Jenkins;

/** Requests a second, in the engine's form; 0 for no limit. */
final class Rates {

    private Rates() {}

    /** @throws IllegalArgumentException if it is out of range, in one line */
    static double checked(double rate) {
        return new TrafficSettings(1, 0, rate).rate();
    }

    /** A number as people write it. */
    static String text(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }

    /** Checks a text from a form. For administrators. */
    static FormValidation validate(@CheckForNull String text) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        try {
            checked(Double.parseDouble(text == null ? "" : text.strip()));
            return FormValidation.ok();
        } catch (NumberFormatException e) {
            return FormValidation.error(Messages.Rates_NoNumber());
        } catch (IllegalArgumentException e) {
            return FormValidation.error(e.getMessage());
        }
    }
}
