package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The partial bodies of branches that wait for another attempt. Safe for use by many threads. */
final class Partials {

    private final Map<Integer, Partial> byBranch = new ConcurrentHashMap<>();

    /** Hands over what a branch has, which then is the caller's. */
    @CheckForNull
    Partial take(int branch) {
        return byBranch.isEmpty() ? null : byBranch.remove(branch);
    }

    void put(int branch, Partial partial) {
        byBranch.put(branch, partial);
    }

    /** Removes what no attempt came for. */
    void discardAll() {
        byBranch.values().forEach(Partial::discard);
        byBranch.clear();
    }
}
