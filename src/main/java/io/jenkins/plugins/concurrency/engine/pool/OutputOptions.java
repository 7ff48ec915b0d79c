package io.jenkins.plugins.concurrency.engine.pool;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * What happens to commands' outputs. Results contain the end of each.
 *
 * @param maxMb how much one command may write, in MiB; 0 for no limit
 * @param keepAs the beginning of the name of the folder for whole outputs; {@code null} if none are kept
 * @param follow whether lines are shown while commands run
 */
public record OutputOptions(int maxMb, @CheckForNull String keepAs, boolean follow) {

    /** There is a limit by default, because a full disk harms everybody on the machine. */
    public static final int DEFAULT_MAX_MB = 1024;

    /** Results contain the ends of outputs. Nothing else is kept or shown. */
    public static final OutputOptions DEFAULT = new OutputOptions(DEFAULT_MAX_MB, null, false);

    /** The largest output of one command, in bytes; 0 for no limit. */
    public long maxBytes() {
        return maxMb * 1024L * 1024;
    }

    /** Whether an {@link OutputReader} is needed. */
    public boolean isRead() {
        return keepAs != null || follow;
    }
}
