package io.jenkins.plugins.concurrency.engine.fetch;

import io.jenkins.plugins.concurrency.engine.fetch.connect.NetworkSettings;
import io.jenkins.plugins.concurrency.engine.fetch.destination.DestinationSettings;
import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.fetch.http.CredentialReference;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestDefaults;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The settings of a fetch run. Immutable.
 *
 * @param traffic how much happens at once
 * @param timeouts time limits within an attempt
 * @param requests defaults of the branches
 * @param redirects whether to follow redirects
 * @param storage where bodies are saved
 * @param network which destinations may be reached, and how
 * @param credentials the credentials that requests may use
 */
public record FetchSettings(
        TrafficSettings traffic,
        Timeouts timeouts,
        RequestDefaults requests,
        RedirectSettings redirects,
        BodyStorage storage,
        NetworkSettings network,
        List<CredentialReference> credentials) {

    /** The variable of the run's environment with the password of the proxy. */
    public static final String PROXY_PASSWORD = "CONCURRENCY_STEPS_PROXY_PASSWORD";

    public FetchSettings {
        Objects.requireNonNull(traffic);
        Objects.requireNonNull(timeouts);
        Objects.requireNonNull(requests);
        Objects.requireNonNull(redirects);
        Objects.requireNonNull(storage);
        Objects.requireNonNull(network);
        credentials = List.copyOf(credentials);
    }

    /** The step's defaults on an agent, with this storage. */
    public static FetchSettings standard(BodyStorage storage) {
        return new FetchSettings(
                TrafficSettings.STANDARD,
                Timeouts.STANDARD,
                RequestDefaults.STANDARD,
                RedirectSettings.FOLLOW,
                storage,
                NetworkSettings.direct(DestinationSettings.INTERNAL),
                List.of());
    }

    /** The names of the run's environment variables whose values are secret. Some of them may not be set. */
    public List<String> secretVariables() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < credentials.size(); i++) {
            names.addAll(CredentialReference.secretVariables(i));
        }
        if (network.proxy() != null) {
            names.add(PROXY_PASSWORD);
        }
        return names;
    }

    /** The same settings with another storage. */
    public FetchSettings with(BodyStorage newStorage) {
        return new FetchSettings(traffic, timeouts, requests, redirects, newStorage, network, credentials);
    }
}
