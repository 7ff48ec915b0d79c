package io.jenkins.plugins.concurrency.view.data;

import io.jenkins.plugins.concurrency.engine.schedule.BranchNeeds;
import io.jenkins.plugins.concurrency.engine.schedule.DependencyGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Which branches of a run need which others, and which one each of them waited for. So that no question has to go
 * through all needs, what needs a branch is looked at once: when the branch has ended. Not thread-safe.
 */
final class BranchDependencies {

    /** More would be a blot. */
    private static final int MAX_LINKS = 2_000;

    private static final int MAX_NAMED = 100;

    private final List<BranchNeeds> needs;
    private final BranchRows rows;
    private final int[][] dependents;

    /** For each branch, the row of the one that ended last among those that it needs, or {@link BranchRows#NONE}. */
    private final int[] last;

    /** @throws IllegalArgumentException if a needed branch does not exist */
    BranchDependencies(List<BranchNeeds> needs, BranchRows rows) {
        this.needs = needs;
        this.rows = rows;
        dependents = DependencyGraph.dependents(needs);
        last = new int[dependents.length];
        Arrays.fill(last, BranchRows.NONE);
    }

    /** Call when a branch has got a row. */
    void ended(int index) {
        int row = rows.rowOf(index);
        for (int i = 0; index < dependents.length && i < dependents[index].length; i++) {
            int dependent = dependents[index][i];
            if (last[dependent] == BranchRows.NONE || rows.end(row) > rows.end(last[dependent])) {
                last[dependent] = row;
            }
        }
    }

    /** The row of the branch that a branch waited for; {@link BranchRows#NONE} if it needs none or has not started. */
    private int waitedFor(int index) {
        int row = rows.rowOf(index);
        return row == BranchRows.NONE || rows.attempts(row) == 0 ? BranchRows.NONE : last[index];
    }

    /**
     * Which bar waited for which: lane and end of the one that ended last among those that a branch needs, and lane and
     * start of the branch. Lanes from 0, times in milliseconds after the run's start. None where there would be very many.
     *
     * @param base the start of the run, milliseconds since the epoch
     */
    List<List<Object>> links(long base) {
        List<List<Object>> links = new ArrayList<>();
        for (int index = 0; index < last.length && links.size() <= MAX_LINKS; index++) {
            int from = waitedFor(index);
            if (from != BranchRows.NONE && rows.lane(from) > 0) {
                int to = rows.rowOf(index);
                links.add(List.of(rows.lane(from) - 1, rows.end(from) - base, rows.lane(to) - 1, rows.start(to) - base));
            }
        }
        return links.size() > MAX_LINKS ? List.of() : links;
    }

    /** What a page says of the branches that a branch needs, and of those that need it; nothing where none needs another. */
    Map<String, Object> of(int index, long base) {
        Map<String, Object> json = new LinkedHashMap<>();
        if (index < last.length) {
            List<Integer> needed = needs.get(index).needs();
            int from = waitedFor(index);
            json.put("waitedFor", from == BranchRows.NONE ? null : rows.name(from));
            put(json, "needs", needed.stream().mapToInt(Integer::intValue), needed.size(), base);
            put(json, "neededBy", IntStream.of(dependents[index]), dependents[index].length, base);
        }
        return json;
    }

    /** Some that have ended, and how many more there are: others that have ended, and those that have not. */
    private void put(Map<String, Object> json, String key, IntStream indexes, int count, long base) {
        List<Map<String, Object>> named = indexes.map(rows::rowOf)
                .filter(row -> row != BranchRows.NONE)
                .limit(MAX_NAMED)
                .mapToObj(row -> Map.<String, Object>of("name", rows.name(row), "outcome", rows.status(row).text(), "end", rows.end(row) - base))
                .toList();
        json.put(key, named);
        json.put(key + "More", count - named.size());
    }
}
