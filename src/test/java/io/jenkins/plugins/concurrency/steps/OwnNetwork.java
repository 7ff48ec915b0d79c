package io.jenkins.plugins.concurrency.steps;

import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;

/** Lets the controller of a test reach the servers of its test. */
final class OwnNetwork {

    private OwnNetwork() {}

    /** Holds across restarts. */
    static void allow() {
        ConcurrencyConfiguration configuration = ConcurrencyConfiguration.get();
        configuration.getController().setInternal(true);
        configuration.save();
    }
}
