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

    /** How long to wait before asking again; zero if an attempt may begin. */
    Duration pause();

    /** The attempt that was asked for begins: nothing else keeps it waiting. */
    default void passed() {}
}
