package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * An HTTP proxy that requests go through. Its password is no part of it: see {@link Proxy}.
 *
 * @param user {@code null} if it asks for none
 * @param direct regular expressions of the hosts that are reached without it
 */
public record ProxySettings(
        @NonNull String host, int port, @CheckForNull String user, @NonNull List<String> direct) {

    /** @throws IllegalArgumentException if something of it makes no sense, in one line */
    public ProxySettings {
        if (host.isBlank() || port < 1 || port > 65_535) {
            throw new IllegalArgumentException("'" + host + ":" + port + "' is not the address of a proxy");
        }
        direct = List.copyOf(direct);
        try {
            direct.forEach(Pattern::compile);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("'" + e.getPattern() + "' is not a pattern of hosts without proxy", e);
        }
    }

    /** The JSON form, which {@link #fromJson} reads. */
    @NonNull
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("host", host);
        json.put("port", port);
        json.put("user", user);
        json.put("direct", direct);
        return json;
    }

    /**
     * Reads the JSON form.
     *
     * @throws IOException if it is not one
     */
    @NonNull
    public static ProxySettings fromJson(@NonNull JsonObject json) throws IOException {
        return new ProxySettings(
                json.string("host"),
                json.integer("port"),
                json.stringOrNull("user"),
                json.list("direct").stream().map(String::valueOf).toList());
    }
}
