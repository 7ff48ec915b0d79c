package io.jenkins.plugins.concurrency.view.data;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Map;

/**
 * What a page says of a step as a whole, by the names that its scripts know. Times in milliseconds.
 *
 * @param id the run
 * @param step the step's function name
 * @param name the step's label
 * @param state {@code running}, {@code finished}, {@code failed} (as a whole) or {@code interrupted} (nobody works on
 *     it, and its end was not seen)
 * @param failure why the run as a whole could not be carried out, or {@code null}
 * @param total how many branches there are; negative if that is not known yet
 * @param retried how many had more than one attempt
 * @param start when the first branch started, since the epoch; when the step did, before any has ended
 * @param millis from there to the last end
 * @param perSecond how many ended a second
 * @param slots how many could be under way at once
 * @param busy which part of the time the slots worked, from 0 to 1
 * @param lanes what lanes are called: {@code worker}, {@code connection} or {@code slot}
 * @param median how long the middle one of the branches took
 * @param slow how long the slowest of 95 % of them took
 * @param slowest how long the slowest took
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
