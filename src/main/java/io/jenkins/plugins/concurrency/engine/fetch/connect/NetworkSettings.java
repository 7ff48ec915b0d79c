package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.destination.DestinationSettings;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.ProxySelection;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.ProxySettings;
import java.util.Objects;
import java.util.function.Function;

/**
 * How a run reaches its destinations.
 *
 * @param destinations where requests may go
 * @param proxy the proxy to use; {@code null} for none
 * @param environmentProxy if {@code proxy} is {@code null}: whether the run's environment may name a proxy
 * @param ignoreTls whether certificates of servers are not checked
 */
public record NetworkSettings(
        DestinationSettings destinations,
        @CheckForNull ProxySettings proxy,
        boolean environmentProxy,
        boolean ignoreTls) {

    public NetworkSettings {
        Objects.requireNonNull(destinations);
    }

    /** Direct connections with checked certificates. */
    public static NetworkSettings direct(DestinationSettings destinations) {
        return new NetworkSettings(destinations, null, false, false);
    }

    /**
     * The proxies of the requests.
     *
     * @param password the password of the settings' proxy; {@code null} for none
     * @param variables gives the value of a variable of the run's environment, {@code null} if it is not set
     */
    public ProxySelection proxies(@CheckForNull String password, Function<String, String> variables) {
        if (proxy != null) {
            return ProxySelection.of(proxy, password);
        }
        return environmentProxy ? ProxySelection.ofEnvironment(variables) : ProxySelection.NONE;
    }
}
