package io.jenkins.plugins.concurrency.engine.run;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.FetchBranch;
import io.jenkins.plugins.concurrency.engine.fetch.http.BodySpec;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.RecordCodec;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.process.Sha256;
import io.jenkins.plugins.concurrency.engine.schedule.Branch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Computes a hash of what a branch is to do. Other runs recognise the same branch by it. The hash includes everything
 * that can change the branch's result, but neither limits nor retries. Immutable.
 *
 * @param <B> the kind of branch
 */
final class ReuseKeys<B extends Branch> {

    private final String common;
    private final Function<B, Map<String, Object>> own;

    private ReuseKeys(Map<String, Object> common, Function<B, Map<String, Object>> own) {
        this.common = text(common);
        this.own = own;
    }

    static ReuseKeys<FetchBranch> of(WorkSpec.Fetch work) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("requests", RecordCodec.encode(work.settings().requests()));
        settings.put("redirects", RecordCodec.encode(work.settings().redirects()));
        boolean numbered = work.process() != null && isNumbered(work.process().pool());
        if (work.process() != null) {
            settings.put("process", of(work.process().pool()));
        }
        return new ReuseKeys<>(settings, branch -> {
            BodySpec body = branch.body(work.settings().requests());
            if (body != null && !body.files().isEmpty()) {
                return null; // what is in it is not known here
            }
            Map<String, Object> json = branch.toJson();
            if (work.process() == null) {
                json.remove("name"); // it follows from the rest, or is only what people call it
            }
            if (numbered) {
                json.put("index", branch.index());
            }
            return json;
        });
    }

    static ReuseKeys<PoolBranch> of(WorkSpec.Pool work) {
        PoolSettings settings = work.settings();
        boolean numbered = isNumbered(settings);
        return new ReuseKeys<>(of(settings), branch -> {
            Map<String, Object> json = branch.toJson();
            json.remove("name");
            if (numbered) {
                json.put("index", branch.index());
            }
            return json;
        });
    }

    /** Whether the work may depend on a branch's number. */
    private static boolean isNumbered(PoolSettings pool) {
        return pool.template() != null && pool.template().contains("{#}")
                || pool.function() != null && pool.function().contains("index");
    }

    private static Map<String, Object> of(PoolSettings settings) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("template", settings.template());
        json.put("shell", settings.commands().shell());
        json.put("function", settings.function());
        json.put("worker", settings.worker().command());
        json.put("classPath", settings.worker().classPath());
        return json;
    }

    /** The same in every process, although some maps have another order in each. */
    private static String text(Map<String, Object> json) {
        return Json.write(sorted(json));
    }

    private static Object sorted(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> sorted = new TreeMap<>();
            map.forEach((key, item) -> sorted.put(String.valueOf(key), sorted(item)));
            return sorted;
        }
        if (value instanceof List<?> list) {
            List<Object> items = new ArrayList<>();
            list.forEach(item -> items.add(sorted(item)));
            return items;
        }
        return value;
    }

    /** The key of a branch; {@code null} if no other branch can have the same. */
    @CheckForNull
    String of(B branch) {
        Map<String, Object> json = own.apply(branch);
        if (json == null) {
            return null;
        }
        return Sha256.of(common + text(json)).substring(0, Sha256.DIGITS / 2);
    }
}
