package io.jenkins.plugins.concurrency.view.data;

import java.lang.ref.SoftReference;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Caches the runs of the builds that were viewed last. So the next request does not read journals again. It has some
 * hundred thousand branches at most, and is emptied when memory is needed. Thread-safe.
 */
public final class BuildRunsCache {

    private static final int MAX_BUILDS = 100;
    private static final int MAX_BRANCHES = 500_000;

    /** The build that was asked for last is the last one. Guarded by this. */
    private final Map<Path, SoftReference<BuildRuns>> builds = new LinkedHashMap<>(16, 0.75f, true);

    /** The runs of a build, from the cache if it has them. The caller must refresh them. */
    public synchronized BuildRuns get(Path buildDirectory) {
        SoftReference<BuildRuns> held = builds.get(buildDirectory);
        BuildRuns known = held == null ? null : held.get();
        if (known != null) {
            return known;
        }
        BuildRuns created = new BuildRuns(buildDirectory);
        builds.put(buildDirectory, new SoftReference<>(created));
        shrink(created);
        return created;
    }

    private void shrink(BuildRuns newest) {
        long branches = 0;
        for (SoftReference<BuildRuns> held : builds.values()) {
            branches += size(held);
        }
        Iterator<SoftReference<BuildRuns>> oldest = builds.values().iterator();
        int count = builds.size();
        while (oldest.hasNext() && (count > MAX_BUILDS || branches > MAX_BRANCHES)) {
            SoftReference<BuildRuns> held = oldest.next();
            if (held.get() == newest) {
                break;
            }
            branches -= size(held);
            oldest.remove();
            count--;
        }
    }

    private static int size(SoftReference<BuildRuns> held) {
        BuildRuns runs = held.get();
        return runs == null ? 0 : runs.size();
    }
}
