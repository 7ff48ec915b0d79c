package io.jenkins.plugins.concurrency.view.data;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Map;

/**
 * What a page says about a whole step, with the names that its scripts know. Times in milliseconds.
 *
 * @param id the run
 * @param step the step's function name
 * @param name the step's label
 * @param state {@code running}, {@code finished}, {@code failed} (as a whole) or {@code interrupted} (nobody works on
 *     it, and its end is unknown)
 * @param failure why the run could not be carried out; {@code null} if it was
 * @param total how many branches there are; negative if that is not known yet
 * @param retried how many had more than one attempt
 * @param start when the first branch started, since the epoch; before any has ended, when the step started
 * @param millis from there to the end of the last branch
 * @param perSecond how many ended a second
 * @param slots how many could run at once
 * @param busy the part of the time in which the slots worked, from 0 to 1
 * @param lanes what lanes are called: {@code worker}, {@code connection} or {@code slot}
 * @param median the median of the branches' durations
 * @param slow 95 % of the branches took at most this long
 * @param slowest the longest duration
 * @param errors how many branches have each error type, by its text
 */
public record RunOverview(
        String id,
        String step,
        String name,
        String state,
        @CheckForNull String failure,
        int total,
        int succeeded,
        int failed,
        int cancelled,
        int skipped,
        int retried,
        long start,
        long millis,
        double perSecond,
        int slots,
        double busy,
        String lanes,
        int median,
        int slow,
        int slowest,
        Map<String, Integer> errors) {

    public static final String RUNNING = "running";

    /** How many branches have ended. */
    public int ended() {
        return succeeded + failed + cancelled + skipped;
    }
}
