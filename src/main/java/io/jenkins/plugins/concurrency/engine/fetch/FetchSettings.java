package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a fetch run has to know beside its branches. Immutable.
 *
 * @param concurrency requests under way at once
 * @param perHost of these, the most to one origin; 0 for no limit of its own
 * @param connectTimeout for a connection including its TLS handshake
 * @param requests defaults of the branches
 * @param redirects whether to follow redirects
 * @param storage where bodies go
 */
public record FetchSettings(
        int concurrency,
        int perHost,
        @NonNull Duration connectTimeout,
        @NonNull RequestDefaults requests,
        @NonNull RedirectPolicy redirects,
        @NonNull BodyStorage storage) {

    /** The most requests under way at once that a run may ask for. */
    public static final int MAX_CONCURRENCY = 10_000;

    public FetchSettings {
        Objects.requireNonNull(requests);
        Objects.requireNonNull(redirects);
        Objects.requireNonNull(storage);
        if (concurrency < 1 || concurrency > MAX_CONCURRENCY) {
            throw new IllegalArgumentException(
                    "concurrency " + concurrency + " is out of range: give 1 to " + MAX_CONCURRENCY);
        }
        if (perHost < 0) {
            throw new IllegalArgumentException("perHost " + perHost + " is negative: give 0 (no limit) or more");
        }
        if (connectTimeout.isNegative() || connectTimeout.isZero()) {
            throw new IllegalArgumentException("connectTimeout must be more than 0");
        }
    }

    /** The defaults of the step, with bodies stored as given. */
    @NonNull
    public static FetchSettings standard(@NonNull BodyStorage storage) {
        return new FetchSettings(
                64, 0, Duration.ofSeconds(10), RequestDefaults.STANDARD, RedirectPolicy.FOLLOW, storage);
    }

    /** The JSON form, which {@link #fromJson} reads. */
    @NonNull
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("concurrency", concurrency);
        json.put("perHost", perHost);
        json.put("connectTimeoutMillis", connectTimeout.toMillis());
        json.put("requests", requests.toJson());
        json.put("redirects", redirects.toJson());
        json.put("storage", storage.toJson());
        return json;
    }

    /**
     * Reads the JSON form.
     *
     * @throws IOException if it is not one, in one line
     */
    @NonNull
    public static FetchSettings fromJson(@NonNull JsonObject json) throws IOException {
        try {
            return new FetchSettings(
                    json.integer("concurrency"),
                    json.integer("perHost"),
                    Duration.ofMillis(json.longValue("connectTimeoutMillis")),
                    RequestDefaults.fromJson(json.object("requests")),
                    RedirectPolicy.fromJson(json.object("redirects")),
                    BodyStorage.fromJson(json.object("storage")));
        } catch (IllegalArgumentException e) {
            throw new IOException("not the settings of a fetch run: " + e.getMessage(), e);
        }
    }
}
