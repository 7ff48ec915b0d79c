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
     * Reduces a number for which 0 means no limit.
     *
     * @param standard the value if the call does not give one
     * @param limit the administrator's limit; 0 for none
     */
    public double open(String parameter, double asked, double standard, double limit) {
        double most = asked == 0 ? Double.POSITIVE_INFINITY : asked;
        if (limit == 0 || most <= limit) {
            return asked;
        }
        note(parameter, asked, standard, limit);
        return limit;
    }

    /** The same with the administrator's limit for this parameter. */
    public double open(String parameter, double asked, double standard) {
        return open(parameter, asked, standard, limits.of(parameter));
    }

    /** The same with the administrator's limit and default for this parameter. */
    public double open(String parameter, double asked) {
        return open(parameter, asked, defaults.of(parameter));
    }

    /** The same for a number for which 0 means none, or that it is chosen elsewhere. Then 0 is not reduced. */
    public int atMost(String parameter, int asked) {
        return asked == 0 ? 0 : (int) open(parameter, asked);
    }

    /** The line for the log; {@code null} if nothing was reduced. */
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
