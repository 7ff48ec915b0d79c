package io.jenkins.plugins.concurrency.steps.parameter;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.config.StepDefaults;
import io.jenkins.plugins.concurrency.config.StepLimits;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Reduces values of a call to the administrator's limits, and remembers which. A reduced default is not reported,
 * because nobody asked for it.
 */
public final class LimitEnforcer {

    private final StepDefaults defaults = ConcurrencyConfiguration.get().getDefaults();
    private final StepLimits limits = ConcurrencyConfiguration.get().getLimits();
    private final List<String> cut = new ArrayList<>();

    /**
     * A number of which 0 means as much as there is.
     *
     * @param standard what a call has that does not say
     * @param limit 0 for none
     */
    public double open(String parameter, double asked, double standard, double limit) {
        double most = asked == 0 ? Double.POSITIVE_INFINITY : asked;
        if (limit == 0 || most <= limit) {
            return asked;
        }
        note(parameter, asked, standard, limit);
        return limit;
    }

    /** The same of a parameter for which there is a limit of its name. */
    public double open(String parameter, double asked, double standard) {
        return open(parameter, asked, standard, limits.of(parameter));
    }

    /** The same of a parameter for which there is also a default of its name. */
    public double open(String parameter, double asked) {
        return open(parameter, asked, defaults.of(parameter));
    }

    /** The same of a number of which 0 means none, or a number chosen elsewhere. */
    public int atMost(String parameter, int asked) {
        return asked == 0 ? 0 : (int) open(parameter, asked);
    }

    /** What the log is to say; {@code null} if nothing was cut. */
    @CheckForNull
    public String line() {
        return cut.isEmpty() ? null : "limited by the administrator: " + String.join(", ", cut);
    }

    private void note(String parameter, double asked, double standard, double limit) {
        if (asked != standard) {
            cut.add(parameter + " " + text(limit) + " instead of " + (asked == 0 ? "0 (no limit)" : text(asked)));
        }
    }

    private static String text(double number) {
        return new BigDecimal(String.valueOf(number)).stripTrailingZeros().toPlainString();
    }
}
