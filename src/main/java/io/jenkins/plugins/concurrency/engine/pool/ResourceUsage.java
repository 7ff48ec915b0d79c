package io.jenkins.plugins.concurrency.engine.pool;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import java.util.Map;

/**
 * The resources that a script used, or a worker for a call, if the system can measure them.
 *
 * @param cpuMillis the processor time of the process and of the processes that it waited for, in milliseconds
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
