package io.jenkins.plugins.concurrency.steps;

import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;

/** Lets the controller of a test reach the servers of its test. */
public final class OwnNetwork {

    private OwnNetwork() {}

    /** Holds across restarts. */
    public static void allow() {
        ConcurrencyConfiguration configuration = ConcurrencyConfiguration.get();
        configuration.getController().setInternal(true);
        configuration.save();
    }
}
