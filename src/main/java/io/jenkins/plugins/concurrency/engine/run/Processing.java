package io.jenkins.plugins.concurrency.engine.run;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.schedule.BranchPolicy;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is done with each thing that was fetched.
 *
 * @param pool who does it
 * @param policy retries and time limit of this part of a branch; whether its failures are fast the run's policy says
 */
public record Processing(@NonNull PoolSettings pool, @NonNull BranchPolicy policy) {

    /** The JSON form, which {@link #fromJson} reads. */
    @NonNull
    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("pool", pool.toJson());
        json.put("policy", policy.toJson());
        return json;
    }

    @NonNull
    static Processing fromJson(@NonNull JsonObject json) throws IOException {
        return new Processing(
                PoolSettings.fromJson(json.object("pool")), BranchPolicy.fromJson(json.object("policy")));
    }
}
