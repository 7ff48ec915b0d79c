package io.jenkins.plugins.concurrency.engine.schedule;

import java.time.Duration;

/**
 * Decides whether another attempt may start although there is room for it. Called by one thread at a time; must return
 * quickly.
 */
@FunctionalInterface
public interface StartGate {

    /** Lets everything begin at once. */
    StartGate OPEN = () -> Duration.ZERO;

    /** How long to wait before the next call; zero if an attempt may begin. */
    Duration pause();

    /** Called when that attempt begins, because it waits for nothing else. */
    default void passed() {}
}
