package io.jenkins.plugins.concurrency.engine.run;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes one outcome of the two parts of a branch that is fetched and then processed. */
final class FetchedDetails {

    private FetchedDetails() {}

    /**
     * The details of the fetch. The number of its lane is only in {@link OutcomeDetail#TRIES}, because workers have
     * numbers too.
     */
    static Map<String, Object> of(Outcome fetch) {
        Map<String, Object> details = new LinkedHashMap<>(fetch.details());
        details.remove(OutcomeDetail.WORKER);
        details.remove(OutcomeDetail.TRIES);
        return details;
    }

    /** A branch that did not reach the pool. */
    static Outcome notProcessed(Outcome fetch) {
        return whole(fetch, fetch, of(fetch), 0, List.of());
    }

    /**
     * A branch that reached the pool.
     *
     * @param fetch without what was fetched
     * @param details of both parts
     */
    static Outcome processed(Outcome fetch, Outcome process, Map<String, Object> details) {
        return whole(fetch, process, details, process.attempts(), attempts(process, fetch.startMillis()));
    }

    /** @param last says how the branch ended */
    private static Outcome whole(
            Outcome fetch, Outcome last, Map<String, Object> of, int processAttempts, List<Object> processTries) {
        Map<String, Object> details = new LinkedHashMap<>(of);
        details.put(OutcomeDetail.PROCESS_ATTEMPTS, processAttempts);
        List<Object> tries = new ArrayList<>(attempts(fetch, fetch.startMillis()));
        tries.addAll(processTries);
        if (!tries.isEmpty()) {
            details.put(OutcomeDetail.TRIES, tries);
        }
        return new Outcome(
                fetch.index(),
                fetch.name(),
                last.status(),
                last.error(),
                fetch.attempts(),
                fetch.startMillis(),
                Math.max(fetch.durationMillis(), last.startMillis() + last.durationMillis() - fetch.startMillis()),
                details);
    }

    /** The attempts of one part, with their times after the branch's start. */
    private static List<Object> attempts(Outcome part, long startMillis) {
        long after = Math.max(0, part.startMillis() - startMillis);
        if (part.details().get(OutcomeDetail.TRIES) instanceof List<?> several) {
            List<Object> tries = new ArrayList<>();
            for (Object one : several) {
                if (one instanceof Map<?, ?> attempt && attempt.get(OutcomeDetail.TRY_START) instanceof Number at) {
                    tries.add(with(attempt, at.longValue() + after));
                }
            }
            return tries;
        }
        if (part.attempts() == 0) {
            return List.of();
        }
        Map<String, Object> only = new LinkedHashMap<>();
        only.put(OutcomeDetail.TRY_START, after);
        only.put(OutcomeDetail.TRY_MILLIS, part.durationMillis());
        putIfThere(only, OutcomeDetail.TRY_ERROR, part.error() == null ? null : part.error().type().text());
        putIfThere(only, OutcomeDetail.WORKER, part.details().get(OutcomeDetail.WORKER));
        return List.of(only);
    }

    private static Map<String, Object> with(Map<?, ?> attempt, long start) {
        Map<String, Object> moved = new LinkedHashMap<>();
        attempt.forEach((name, value) -> moved.put(String.valueOf(name), value));
        moved.put(OutcomeDetail.TRY_START, start);
        return moved;
    }

    private static void putIfThere(Map<String, Object> map, String name, @CheckForNull Object value) {
        if (value != null) {
            map.put(name, value);
        }
    }
}
