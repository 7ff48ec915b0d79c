package io.jenkins.plugins.concurrency.engine.schedule;

/**
 * How the branches of a run ended.
 *
 * @param succeeded how many succeeded
 * @param failed how many failed
 * @param cancelled how many were cancelled
 */
public record OutcomeCounts(int succeeded, int failed, int cancelled) {

    public int total() {
        return succeeded + failed + cancelled;
    }
}
