package io.jenkins.plugins.concurrency.view.data;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lanes of workers: by their numbers where there is one node, else in the order in which they were seen. Not thread-safe. */
final class WorkerLanes {

    /** What a journal says of nodes need not be true. */
    private static final int MAX_NAMED = 10_000;

    private static final int MAX_NAME = 100;

    private final Map<String, Integer> lanes = new HashMap<>();
    private final List<String> names = new ArrayList<>();

    /**
     * The lane of a worker, from 1.
     *
     * @param node the name of its node, or {@code null} where there is only one
     */
    int of(@CheckForNull String node, int worker) {
        if (node == null) {
            return worker;
        }
        String name = (node.length() > MAX_NAME ? node.substring(0, MAX_NAME) + "…" : node) + "/" + worker;
        Integer known = lanes.get(name);
        if (known != null || names.size() == MAX_NAMED) {
            return known == null ? MAX_NAMED : known;
        }
        names.add(name);
        lanes.put(name, names.size());
        return names.size();
    }

    /** The names of lanes, as far as they have names. */
    List<String> names() {
        return names;
    }
}
