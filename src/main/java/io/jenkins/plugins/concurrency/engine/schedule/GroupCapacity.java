package io.jenkins.plugins.concurrency.engine.schedule;

import java.time.Duration;

/** How many attempts of a group may run at once. May change while they run. Called under the scheduler's lock. */
@FunctionalInterface
public interface GroupCapacity {

    /** How many attempts of a group may run at once now, at least 1. It grows only when one of them ends. */
    int of(String group);

    /** How long it takes at least until another attempt of the group may start. */
    default Duration pause(String group) {
        return Duration.ZERO;
    }
}
