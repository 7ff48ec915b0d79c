package io.jenkins.plugins.concurrency.engine.schedule;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A limit of an attempt's time, in percent of the median of the attempts that succeeded. To bound memory, only the last
 * {@value #REMEMBERED} count. Not thread-safe.
 */
final class RelativeLimit {

    /** So many have to have succeeded before there is a limit. */
    static final int ENOUGH = 3;

    private static final int REMEMBERED = 1_001;

    /** Below it, differences say more about the machine than about the work. */
    private static final Duration LEAST = Duration.ofSeconds(1);

    private final int percent;
    private final Deque<Long> inOrder = new ArrayDeque<>();

    /** How often each duration in milliseconds was seen. */
    private final SortedMap<Long, Integer> bySize = new TreeMap<>();

    RelativeLimit(int percent) {
        this.percent = percent;
    }

    /** @return whether this success is the one that makes a limit of none */
    boolean succeeded(long millis) {
        inOrder.addLast(millis);
        bySize.merge(millis, 1, Integer::sum);
        if (inOrder.size() > REMEMBERED) {
            bySize.computeIfPresent(inOrder.removeFirst(), (key, count) -> count == 1 ? null : count - 1);
        }
        return inOrder.size() == ENOUGH;
    }

    /** The limit as of now, or {@code null} if there is none yet. */
    @CheckForNull
    Duration current() {
        if (inOrder.size() < ENOUGH) {
            return null;
        }
        Duration limit = Duration.ofMillis(median() * percent / 100);
        return limit.compareTo(LEAST) < 0 ? LEAST : limit;
    }

    String text() {
        return percent + "% of the median of " + DurationText.text(Duration.ofMillis(median()));
    }

    private long median() {
        int before = (inOrder.size() - 1) / 2;
        for (var entry : bySize.entrySet()) {
            before -= entry.getValue();
            if (before < 0) {
                return entry.getKey();
            }
        }
        throw new IllegalStateException("nothing has succeeded");
    }
}
