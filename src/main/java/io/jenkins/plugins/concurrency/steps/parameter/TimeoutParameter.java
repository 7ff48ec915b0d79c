package io.jenkins.plugins.concurrency.steps.parameter;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code timeout} in a script or a form.
 *
 * @param fixed the time limit; zero for none
 * @param percent the time limit in percent of the median of attempts that succeeded; 0 for none
 */
public record TimeoutParameter(Duration fixed, int percent) {

    public static final String ALLOWED = Seconds.ALLOWED + ", or a percentage of the median such as '300%'";

    private static final Pattern PERCENT = Pattern.compile("([1-9]\\d{1,5}) ?%");

    /** @return {@code null} if it is invalid */
    @CheckForNull
    public static TimeoutParameter of(Object normal) {
        Duration seconds = Seconds.of(normal);
        if (seconds != null) {
            return new TimeoutParameter(seconds, 0);
        }
        Matcher matcher = PERCENT.matcher(normal.toString());
        return matcher.matches() ? new TimeoutParameter(Duration.ZERO, Integer.parseInt(matcher.group(1))) : null;
    }
}
