package io.jenkins.plugins.concurrency.engine.schedule;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What holds for the branches of every kind of run.
 *
 * @param failFast whether the first failed branch cancels the others
 * @param retry further attempts
 * @param timeout the limit of one attempt; zero for none
 */
public record BranchPolicy(boolean failFast, @NonNull RetryPolicy retry, @NonNull Duration timeout) {

    public BranchPolicy {
        Objects.requireNonNull(retry);
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("negative timeout");
        }
    }

    /** The JSON form, which {@link #fromJson} reads. */
    @NonNull
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("failFast", failFast);
        json.put("retries", retry.retries());
        json.put("retryDelayMillis", retry.delay().toMillis());
        json.put("timeoutMillis", timeout.toMillis());
        return json;
    }

    /**
     * Reads the JSON form.
     *
     * @throws IOException if it is not one
     */
    @NonNull
    public static BranchPolicy fromJson(@NonNull JsonObject json) throws IOException {
        return new BranchPolicy(
                json.flag("failFast"),
                new RetryPolicy(json.integer("retries"), Duration.ofMillis(json.longValue("retryDelayMillis"))),
                Duration.ofMillis(json.longValue("timeoutMillis")));
    }
}
