package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * How a run reaches its destinations.
 *
 * @param destinations where requests may go
 * @param proxy {@code null} to connect directly
 * @param ignoreTls whether certificates of servers are not checked
 */
public record NetworkSettings(
        @NonNull DestinationPolicy destinations, @CheckForNull ProxySettings proxy, boolean ignoreTls) {

    public NetworkSettings {
        Objects.requireNonNull(destinations);
    }

    /** Direct connections, certificates checked. */
    @NonNull
    public static NetworkSettings direct(@NonNull DestinationPolicy destinations) {
        return new NetworkSettings(destinations, null, false);
    }

    /** The JSON form, which {@link #fromJson} reads. */
    @NonNull
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("destinations", destinations.toJson());
        json.put("proxy", proxy == null ? null : proxy.toJson());
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
                json.flag("ignoreTls"));
    }
}
