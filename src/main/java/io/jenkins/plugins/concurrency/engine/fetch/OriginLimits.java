package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestDefaults;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import io.jenkins.plugins.concurrency.engine.schedule.Attempter;
import io.jenkins.plugins.concurrency.engine.schedule.GroupCapacity;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import java.io.Closeable;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The adaptive limits of the origins of one run. Requests go through {@link #limited}, so that it learns
 * how each ended. A request that its server refused because of others is sent again without counting as an attempt.
 * Thread-safe.
 */
public final class OriginLimits implements GroupCapacity, Closeable {

    /** Origins that have nothing under way are forgotten if there are more. */
    private static final int SWEEP_SIZE = 1_000;

    /** How many limits are reported at once: those of the origins with the most requests under way. */
    private static final int MAX_REPORTED = 8;

    private static final long REPORT_NANOS = Duration.ofMillis(250).toNanos();

    /** A report waits at least for this part of the time that has passed, so that a long run does not have too many. */
    private static final int PART_OF_TIME = 100;

    private static final class Origin {

        final AdaptiveLimit limit;
        int reported;

        /** Whether it has had as many requests as it may. What gets only a few is not reported. */
        boolean reached;

        Origin(int most) {
            limit = new AdaptiveLimit(most);
        }

        AdaptiveLimit.Call begin(@CheckForNull OriginRefusals.Request before, long now) {
            AdaptiveLimit.Call call = limit.begin(before, now);
            reached |= limit.running() >= limit.limit();
            return call;
        }
    }

    private final int most;
    private final RequestDefaults defaults;
    private final Consumer<Map<String, Integer>> reports;
    private final long startNanos = System.nanoTime();

    // Guarded by this.
    private final Map<String, Origin> origins = new HashMap<>();

    /** By the index of a branch that will be sent again. */
    private final Map<Integer, OriginRefusals.Request> refusals = new HashMap<>();

    private int sweepSize = SWEEP_SIZE;
    private long reportDueNanos = startNanos;

    /**
     * @param traffic has the highest limits
     * @param defaults have the method of branches without their own
     * @param reports gets the limits that have changed, by origin. Called now and then
     */
    public OriginLimits(TrafficSettings traffic, RequestDefaults defaults, Consumer<Map<String, Integer>> reports) {
        int affordable = traffic.affordable();
        this.most = traffic.perHost() == 0 ? affordable : Math.min(affordable, traffic.perHost());
        this.defaults = defaults;
        this.reports = reports;
    }

    @Override
    public synchronized int of(String origin) {
        Origin known = origins.get(origin);
        return known == null ? Math.min(AdaptiveLimit.FIRST, most) : known.limit.limit();
    }

    @Override
    public synchronized Duration pause(String origin) {
        Origin known = origins.get(origin);
        return known == null ? Duration.ZERO : Duration.ofNanos(known.limit.pause(System.nanoTime()));
    }

    /** The same requests, observed. */
    public Attempter<FetchBranch> limited(Attempter<FetchBranch> requests) {
        return requests.by((branch, number) -> {
            String name = requests.groupOf(branch);
            if (name == null) {
                return requests.attempt(branch, number); // its URL is not valid
            }
            AdaptiveLimit.Call call = begin(name, branch.index());
            try {
                Attempt attempt = requests.attempt(branch, number);
                return Attempt.of(
                        attempt.result().whenComplete((result, thrown) -> {
                            if (thrown != null) {
                                end(name, call, AdaptiveLimit.End.FAILED, 0, 0);
                            }
                        }).thenApply(result -> ended(name, call, branch, result)),
                        attempt::abort);
            } catch (Throwable e) {
                end(name, call, AdaptiveLimit.End.UNSENT, 0, 0);
                throw e;
            }
        });
    }

    private synchronized AdaptiveLimit.Call begin(String name, int branch) {
        if (origins.size() > sweepSize) {
            origins.values().removeIf(origin -> origin.limit.running() == 0 && origin.limit.pause(System.nanoTime()) == 0);
            sweepSize = Math.max(SWEEP_SIZE, 2 * origins.size());
        }
        return origins.computeIfAbsent(name, key -> new Origin(most)).begin(refusals.remove(branch), System.nanoTime());
    }

    private AttemptResult ended(String name, AdaptiveLimit.Call call, FetchBranch branch, AttemptResult result) {
        long bytes = result.details().get(OutcomeDetail.BYTES) instanceof Number number ? number.longValue() : 0;
        AdaptiveLimit.End end = end(result);
        boolean refused = end == AdaptiveLimit.End.REFUSED || end == AdaptiveLimit.End.UNREACHED;
        Duration asked =
                refused ? RetryPolicy.granted(((AttemptResult.Failed) result).retry().notBefore()) : Duration.ZERO;
        OriginRefusals.Request again = end(name, call, end, bytes, asked.toNanos());
        if (again == null || !isSafe(branch, result)) {
            return result;
        }
        synchronized (this) {
            refusals.put(branch.index(), again);
        }
        AttemptResult.Failed failed = (AttemptResult.Failed) result;
        Duration own = again.pause();
        return new AttemptResult.Failed(
                failed.error(),
                new AttemptResult.Retry(true, asked.compareTo(own) > 0 ? asked : own, false, true),
                failed.details());
    }

    /** @return as {@link AdaptiveLimit#end} */
    @CheckForNull
    private OriginRefusals.Request end(String name, AdaptiveLimit.Call call, AdaptiveLimit.End end, long bytes, long asked) {
        Map<String, Integer> news;
        OriginRefusals.Request later;
        synchronized (this) {
            long now = System.nanoTime();
            later = origins.get(name).limit.end(call, end, bytes, asked, now);
            news = now - reportDueNanos < 0 ? Map.of() : news(now);
        }
        report(news);
        return later;
    }

    private void report(Map<String, Integer> news) {
        if (!news.isEmpty()) {
            reports.accept(news);
        }
    }

    /** Guarded by this. */
    private Map<String, Integer> news(long now) {
        List<Map.Entry<String, Origin>> changed = origins.entrySet().stream()
                .filter(entry -> entry.getValue().reached && entry.getValue().limit.limit() != entry.getValue().reported)
                .sorted(Comparator.comparing(entry -> -entry.getValue().limit.running()))
                .limit(MAX_REPORTED)
                .toList();
        Map<String, Integer> news = new LinkedHashMap<>();
        for (Map.Entry<String, Origin> entry : changed) {
            Origin origin = entry.getValue();
            origin.reported = origin.limit.limit();
            news.put(entry.getKey(), origin.reported);
        }
        reportDueNanos = now + Math.max(REPORT_NANOS, (now - startNanos) / PART_OF_TIME);
        return news;
    }

    private static AdaptiveLimit.End end(AttemptResult result) {
        boolean answered = result.details().get(OutcomeDetail.STATUS) instanceof Number;
        if (result instanceof AttemptResult.Failed failed) {
            if (failed.retry().refused()) {
                return answered ? AdaptiveLimit.End.REFUSED : AdaptiveLimit.End.UNREACHED;
            }
            if (!answered) {
                return failed.retry().sensible() ? AdaptiveLimit.End.FAILED : AdaptiveLimit.End.UNSENT;
            }
            boolean faulty = failed.retry().sensible(); // such as a server error, or a broken connection
            return faulty ? AdaptiveLimit.End.FAILED : AdaptiveLimit.End.SERVED;
        }
        return answered ? AdaptiveLimit.End.SERVED : AdaptiveLimit.End.UNSENT;
    }

    /** Whether the server has certainly not done what it was asked for, or may do it twice. */
    private boolean isSafe(FetchBranch branch, AttemptResult result) {
        return !Integer.valueOf(503).equals(result.details().get(OutcomeDetail.STATUS)) || branch.isIdempotent(defaults);
    }

    /** Reports what is left. Called when nothing is under way any more. */
    @Override
    public void close() {
        Map<String, Integer> news;
        synchronized (this) {
            news = news(System.nanoTime());
        }
        report(news);
    }
}
