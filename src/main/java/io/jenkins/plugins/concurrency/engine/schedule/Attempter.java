package io.jenkins.plugins.concurrency.engine.schedule;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.function.BiFunction;

/**
 * Does the work of a branch. The fetch engine and the pools implement it. Called by any thread, never while a lock of
 * the scheduler is held.
 *
 * @param <B> the kind of branch
 */
public interface Attempter<B extends Branch> {

    /**
     * Starts an attempt and returns without waiting for its end.
     *
     * @param number the attempt's number, from 1
     */
    Attempt attempt(B branch, int number);

    /**
     * The group of branches with their own limit, such as the host of a URL.
     *
     * @return {@code null} for no group
     */
    @CheckForNull
    default String groupOf(B branch) {
        return null;
    }

    /** Other attempts, with the same groups. */
    default Attempter<B> by(Attempter<B> other) {
        Attempter<B> grouping = this;
        return new Attempter<>() {
            @Override
            public Attempt attempt(B branch, int number) {
                return other.attempt(branch, number);
            }

            @Override
            public String groupOf(B branch) {
                return grouping.groupOf(branch);
            }
        };
    }

    /** The same attempts, with their results changed. */
    default Attempter<B> mapResult(BiFunction<B, AttemptResult, AttemptResult> mapping) {
        return by((branch, number) -> attempt(branch, number).mapResult(result -> mapping.apply(branch, result)));
    }
}
