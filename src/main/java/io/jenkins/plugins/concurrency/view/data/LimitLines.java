package io.jenkins.plugins.concurrency.view.data;

import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The adaptive limits of origins over time. Its size is limited. Not thread-safe. */
final class LimitLines {

    /** Further origins are left out. Those with the most requests are reported first. */
    static final int MAX_LINES = 12;

    /** If there are more points, every second one is left out. */
    static final int MAX_POINTS = 1_000;

    private record Key(String origin, String node) {}

    private record Point(long atMillis, int limit) {}

    private final Map<Key, List<Point>> lines = new LinkedHashMap<>();

    void add(JournalEntry.Limits news) {
        news.limits().forEach((origin, limit) -> {
            Key key = new Key(BranchDetail.cut(origin), news.node() == null ? "" : BranchDetail.cut(news.node()));
            List<Point> line = lines.get(key);
            if (line == null && lines.size() < MAX_LINES) {
                line = new ArrayList<>();
                lines.put(key, line);
            }
            if (line == null || !line.isEmpty() && line.get(line.size() - 1).atMillis > news.atMillis()) {
                return; // a restarted controller may have read it again
            }
            line.add(new Point(news.atMillis(), limit));
            if (line.size() > MAX_POINTS) {
                for (int i = line.size() - 2; i > 0; i -= 2) {
                    line.remove(i);
                }
            }
        });
    }

    /**
     * The JSON form for pages.
     *
     * @param base the start of the run, milliseconds since the epoch
     */
    List<Object> toJson(long base) {
        List<Object> json = new ArrayList<>();
        lines.forEach((key, line) -> {
            List<Object> points = new ArrayList<>();
            line.forEach(point -> points.add(List.of(Math.max(0, point.atMillis - base), point.limit)));
            json.add(Map.of("origin", key.origin, "node", key.node, "points", points));
        });
        return json;
    }
}
