package io.jenkins.plugins.concurrency.engine.schedule;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** When the attempts of one branch were under way. Of very many, only the last ones are kept. Not thread-safe. */
final class AttemptTimes {

    static final int MAX = 50;

    private final Deque<Map<String, Object>> tries = new ArrayDeque<>();

    /**
     * Adds an attempt.
     *
     * @param startNanos its start, after the branch's
     * @param nanos how long it took
     * @param details where its worker may stand
     */
    void add(long startNanos, long nanos, @CheckForNull ErrorType error, Map<String, Object> details) {
        Map<String, Object> attempt = new LinkedHashMap<>();
        attempt.put(OutcomeDetail.TRY_START, startNanos / 1_000_000);
        attempt.put(OutcomeDetail.TRY_MILLIS, nanos / 1_000_000);
        if (error != null) {
            attempt.put(OutcomeDetail.TRY_ERROR, error.text());
        }
        if (details.containsKey(OutcomeDetail.WORKER)) {
            attempt.put(OutcomeDetail.WORKER, details.get(OutcomeDetail.WORKER));
        }
        if (tries.size() == MAX) {
            tries.remove();
        }
        tries.add(attempt);
    }

    /** The attempts in their order, as {@link OutcomeDetail#TRIES} has them. */
    List<Object> toJson() {
        return new ArrayList<>(tries);
    }
}
