package io.jenkins.plugins.concurrency.steps.fetch;

import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.config.DestinationRules;
import io.jenkins.plugins.concurrency.config.JenkinsProxy;
import io.jenkins.plugins.concurrency.engine.fetch.connect.NetworkSettings;

/** Which destinations requests may reach, and how, as the administrator has configured it. */
final class FetchNetworkSettings {

    private FetchNetworkSettings() {}

    /**
     * The settings for a step.
     *
     * @param onAgent whether requests start on an agent, where commands could go everywhere anyway
     * @throws IllegalArgumentException if a file of the configuration makes no sense, in one line
     */
    static NetworkSettings settings(boolean onAgent, boolean ignoreTls) {
        ConcurrencyConfiguration configuration = ConcurrencyConfiguration.get();
        DestinationRules rules = onAgent ? configuration.getAgents() : configuration.getController();
        boolean ofEnvironment = onAgent && configuration.isEnvironmentProxy();
        return new NetworkSettings(rules.policy(), JenkinsProxy.settings(), ofEnvironment, ignoreTls);
    }
}
