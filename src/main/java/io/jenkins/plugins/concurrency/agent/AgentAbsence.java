package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Computer;
import io.jenkins.plugins.concurrency.engine.schedule.Durations;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import jenkins.model.Jenkins;
import jenkins.util.SystemProperties;

/** How long an agent has been without a connection, as far as this object was asked. Thread-safe. */
final class AgentAbsence {

    /** How long an agent may be without a connection before the steps that wait for it fail. */
    private static final String PATIENCE_PROPERTY = "io.jenkins.plugins.concurrency.agentTimeoutSeconds";

    private static final long DEFAULT_PATIENCE_SECONDS = TimeUnit.HOURS.toSeconds(1);

    private final RunLocation location;

    // Guarded by this.
    private boolean absent;
    private long sinceNanos;

    AgentAbsence(@NonNull RunLocation location) {
        this.location = location;
    }

    /**
     * Looks whether the agent is there.
     *
     * @return why it is no longer to be waited for, or {@code null}
     */
    @CheckForNull
    synchronized String look() {
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
        Duration patience =
                Duration.ofSeconds(SystemProperties.getLong(PATIENCE_PROPERTY, DEFAULT_PATIENCE_SECONDS));
        return System.nanoTime() - sinceNanos <= patience.toNanos()
                ? null
                : location.nodeText() + " was offline for more than " + Durations.text(patience);
    }
}
