package io.jenkins.plugins.concurrency.engine.junit;

/**
 * What a suite says of all its branches.
 *
 * @param step the step's function name
 * @param name the step's label
 * @param tests how many branches have ended
 * @param failures how many of them failed
 * @param skipped how many were cancelled, or skipped
 * @param startMillis when the first one started, since the epoch
 * @param millis from there to the last end
 */
public record JunitSuite(
        String step, String name, int tests, int failures, int skipped, long startMillis, long millis) {
}
