package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * How a run reaches its destinations.
 *
 * @param destinations where requests may go
 * @param proxy {@code null} for none
 * @param environmentProxy whether, where there is none, the run's environment may name one
 * @param ignoreTls whether certificates of servers are not checked
 */
public record NetworkSettings(
        @NonNull DestinationPolicy destinations,
        @CheckForNull ProxySettings proxy,
        boolean environmentProxy,
        boolean ignoreTls) {

    public NetworkSettings {
        Objects.requireNonNull(destinations);
    }

    /** Direct connections, certificates checked. */
    @NonNull
    public static NetworkSettings direct(@NonNull DestinationPolicy destinations) {
        return new NetworkSettings(destinations, null, false, false);
    }

    /**
     * Whom requests go through.
     *
     * @param password of the settings' proxy; {@code null} for none
     * @param variables tells the value of a variable of the run's environment, {@code null} for one that is not set
     */
    @NonNull
    public Proxies proxies(@CheckForNull String password, @NonNull Function<String, String> variables) {
        if (proxy != null) {
            return Proxies.of(proxy, password);
        }
        return environmentProxy ? Proxies.ofEnvironment(variables) : Proxies.NONE;
    }

    /** The JSON form, which {@link #fromJson} reads. */
    @NonNull
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("destinations", destinations.toJson());
        json.put("proxy", proxy == null ? null : proxy.toJson());
        json.put("environmentProxy", environmentProxy);
        json.put("ignoreTls", ignoreTls);
        return json;
    }

    /**
     * Reads the JSON form.
     *
     * @throws IOException if it is not one
     */
    @NonNull
    public static NetworkSettings fromJson(@NonNull JsonObject json) throws IOException {
        return new NetworkSettings(
                DestinationPolicy.fromJson(json.object("destinations")),
                json.has("proxy") ? ProxySettings.fromJson(json.object("proxy")) : null,
                json.flag("environmentProxy"),
                json.flag("ignoreTls"));
    }
}
