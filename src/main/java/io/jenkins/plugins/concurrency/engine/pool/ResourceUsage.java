package io.jenkins.plugins.concurrency.engine.pool;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import java.util.Map;

/**
 * The resources that a script, or a worker for a call, used, as far as the system tells.
 *
 * @param cpuMillis processor time of it and of what it has waited for, in milliseconds
 * @param maxRssKb the largest memory of one of its processes that was measured, in KiB
 */
public record ResourceUsage(@CheckForNull Long cpuMillis, @CheckForNull Long maxRssKb) {

    /** Nothing is known. */
    public static final ResourceUsage UNKNOWN = new ResourceUsage(null, null);

    /** Adds the known values to a result's details. */
    public void addTo(Map<String, Object> details) {
        if (cpuMillis != null) {
            details.put(OutcomeDetail.CPU_MILLIS, cpuMillis);
        }
        if (maxRssKb != null) {
            details.put(OutcomeDetail.MAX_RSS_KB, maxRssKb);
        }
    }
}
