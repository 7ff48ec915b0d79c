package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Computer;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.engine.schedule.DurationText;
import java.time.Duration;
import jenkins.model.Jenkins;

/** Measures how long an agent has had no connection, as far as this object was asked. Thread-safe. */
public final class AgentAbsence {

    /** As long as the administrator wants it. */
    public static final Duration AS_CONFIGURED = Duration.ofSeconds(Long.MAX_VALUE);

    private final RunLocation location;
    private final Duration limit;

    // Guarded by this.
    private boolean absent;
    private long sinceNanos;

    /** @param limit not longer than this */
    public AgentAbsence(RunLocation location, Duration limit) {
        this.location = location;
        this.limit = limit;
    }

    /**
     * Looks whether the agent is there.
     *
     * @return why it is no longer to be waited for, or {@code null}
     */
    @CheckForNull
    public synchronized String check() {
        Computer computer = Jenkins.get().getComputer(location.node());
        if (computer != null && computer.getChannel() != null) {
            absent = false;
            return null;
        }
        if (!absent) {
            absent = true;
            sinceNanos = System.nanoTime();
            return null; // a node that is being configured is missing for a moment
        }
        // Not by its computer, which stays as long as an executor of it is taken, for example by the build that waits.
        if (!location.node().isEmpty() && Jenkins.get().getNode(location.node()) == null) {
            return location.nodeText() + " was removed";
        }
        Duration configured = Duration.ofSeconds(ConcurrencyConfiguration.get().getAgentTimeout());
        Duration patience = configured.compareTo(limit) < 0 ? configured : limit;
        return System.nanoTime() - sinceNanos <= patience.toNanos()
                ? null
                : location.nodeText() + " was offline for more than " + DurationText.text(patience);
    }
}
