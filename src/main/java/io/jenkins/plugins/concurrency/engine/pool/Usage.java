package io.jenkins.plugins.concurrency.engine.pool;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * What a script took of its machine, as far as the system tells.
 *
 * @param cpuMillis processor time of the script and of what it has waited for, in milliseconds
 * @param maxRssKb the most memory that one of its processes was seen to have at once, in KiB
 */
public record Usage(@CheckForNull Long cpuMillis, @CheckForNull Long maxRssKb) {

    /** Nothing is known. */
    public static final Usage UNKNOWN = new Usage(null, null);
}
