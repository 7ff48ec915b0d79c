package io.jenkins.plugins.concurrency.view.data;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lanes of workers: by their numbers where there is one node, else in the order in which they were seen. Not thread-safe. */
final class WorkerLanes {

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
        return lanes.computeIfAbsent(node + "/" + worker, name -> {
            names.add(name);
            return names.size();
        });
    }

    /** The names of lanes, as far as they have names. */
    @NonNull
    List<String> names() {
        return names;
    }
}
