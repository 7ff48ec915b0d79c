package io.jenkins.plugins.concurrency.engine.pool;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.outcome.Detail;
import java.util.Map;

/**
 * What a script, or a worker for a call, took of its machine, as far as the system tells.
 *
 * @param cpuMillis processor time of it and of what it has waited for, in milliseconds
 * @param maxRssKb the most memory that one of its processes was seen to have at once, in KiB
 */
public record Usage(@CheckForNull Long cpuMillis, @CheckForNull Long maxRssKb) {

    /** Nothing is known. */
    public static final Usage UNKNOWN = new Usage(null, null);

    /** Adds what is known to a result's details. */
    public void addTo(Map<String, Object> details) {
        if (cpuMillis != null) {
            details.put(Detail.CPU_MILLIS, cpuMillis);
        }
        if (maxRssKb != null) {
            details.put(Detail.MAX_RSS_KB, maxRssKb);
        }
    }
}
