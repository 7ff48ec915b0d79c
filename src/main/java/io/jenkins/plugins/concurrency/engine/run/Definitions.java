package io.jenkins.plugins.concurrency.engine.run;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.fetch.FetchBranch;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.schedule.Branch;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Tells by a short text, a hash, which branches of whatever run are to do the same: all is in it that may change what
 * they yield, and nothing of how fast or how often they are attempted. Immutable.
 *
 * @param <B> the kind of branch
 */
final class Definitions<B extends Branch> {

    private static final int BYTES = 16;

    private final byte[] common;
    private final Function<B, Map<String, Object>> own;

    private Definitions(Map<String, Object> common, Function<B, Map<String, Object>> own) {
        this.common = Json.writeBytes(common);
        this.own = own;
    }

    /** Those of fetches. */
    @NonNull
    static Definitions<FetchBranch> of(@NonNull Work.Fetch work) {
        Map<String, Object> settings = work.settings().toJson();
        settings.keySet().retainAll(Arrays.asList("requests", "redirects"));
        if (work.process() != null) {
            settings.put("process", of(work.process().pool()));
        }
        return new Definitions<>(settings, branch -> {
            if (branch.bodyFile() != null) {
                return null; // what is in it is not known here
            }
            Map<String, Object> json = branch.toJson();
            if (work.process() == null) {
                json.remove("name"); // it follows from the rest, or is only what people call it
            }
            return json;
        });
    }

    /** Those of a pool's tasks. */
    @NonNull
    static Definitions<PoolBranch> of(@NonNull Work.Pool work) {
        PoolSettings settings = work.settings();
        boolean numbered = settings.template() != null && settings.template().contains("{#}")
                || settings.function() != null && settings.function().contains("index");
        return new Definitions<>(of(settings), branch -> {
            Map<String, Object> json = branch.toJson();
            json.remove("name");
            if (numbered) {
                json.put("index", branch.index());
            }
            return json;
        });
    }

    private static Map<String, Object> of(PoolSettings settings) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("template", settings.template());
        json.put("function", settings.function());
        json.put("worker", settings.worker().command());
        json.put("classPath", settings.worker().classPath());
        return json;
    }

    /** A branch's, or {@code null} if it has none in common with any other. */
    @CheckForNull
    String of(@NonNull B branch) {
        Map<String, Object> json = own.apply(branch);
        if (json == null) {
            return null;
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(common);
            digest.update(Json.write(json).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
