package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Computer;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.engine.schedule.DurationText;
import java.time.Duration;
import jenkins.model.Jenkins;

/** Measures how long an agent has had no connection. It only knows the moments of its checks. Thread-safe. */
public final class AgentAbsence {

    /** For the limit that the administrator has set. */
    public static final Duration AS_CONFIGURED = Duration.ofSeconds(Long.MAX_VALUE);

    private final RunLocation location;
    private final Duration limit;

    // Guarded by this.
    private boolean absent;
    private long sinceNanos;

    /** @param limit the longest absence */
    public AgentAbsence(RunLocation location, Duration limit) {
        this.location = location;
        this.limit = limit;
    }

    /**
     * Checks whether the agent is connected.
     *
     * @return why nobody should wait for it any longer; {@code null} to continue to wait
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
        // Its computer says nothing: it exists as long as one of its executors is taken, for example by the build that
        // waits.
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
