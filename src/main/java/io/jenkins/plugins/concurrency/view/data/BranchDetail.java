package io.jenkins.plugins.concurrency.view.data;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.outcome.Detail;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** All that a page shows of one branch: short facts, and the ends of its texts. */
public final class BranchDetail {

    private static final int MAX_TEXT = 8 * 1024;
    private static final int MAX_FACT = 2_000;

    /** Texts that have a box of their own, by the title of the box. */
    private static final Map<String, String> TEXTS = new LinkedHashMap<>();

    static {
        TEXTS.put(Detail.STDERR, "Standard error");
        TEXTS.put(Detail.STDOUT, "Standard output");
        TEXTS.put(Detail.BODY, "Response body");
        TEXTS.put(Detail.VALUE, "Value");
    }

    /** What is shown elsewhere. */
    private static final Set<String> ELSEWHERE =
            Set.of(Detail.DEFINITION, Detail.HEADERS, Detail.TRIES, Detail.TRUNCATED, Detail.WORKER);

    private BranchDetail() {}

    /**
     * The form that pages get.
     *
     * @param lane the branch's lane, from 1; 0 if it has none
     * @param kept where something can be downloaded that the branch left, by its path; {@code null} from it if nowhere
     */
    @NonNull
    public static Map<String, Object> toJson(
            @NonNull Outcome outcome, int lane, @NonNull Function<String, String> kept) {
        Map<String, Object> details = PublicDetails.of(outcome);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("index", outcome.index());
        json.put("name", cut(outcome.name(), MAX_FACT));
        json.put("outcome", outcome.status().text());
        if (outcome.error() != null) {
            json.put("error", outcome.error().type().text());
            json.put("message", outcome.error().message());
        }
        json.put("attempts", outcome.attempts());
        json.put("tries", details.get(Detail.TRIES));
        json.put("lane", lane);
        json.put("start", outcome.startMillis());
        json.put("millis", outcome.durationMillis());
        json.put("facts", facts(details));
        json.put("headers", details.get(Detail.HEADERS));
        json.put("texts", texts(details));
        json.put("files", files(details, kept));
        return json;
    }

    private static Map<String, Object> facts(Map<String, Object> details) {
        Map<String, Object> facts = new LinkedHashMap<>();
        details.forEach((name, value) -> {
            boolean plain = value instanceof String || value instanceof Number || value instanceof Boolean;
            if (plain && !ELSEWHERE.contains(name) && !TEXTS.containsKey(name)) {
                facts.put(name, value instanceof String text ? cut(text, MAX_FACT) : value);
            }
        });
        return facts;
    }

    private static Map<String, Object> texts(Map<String, Object> details) {
        Map<String, Object> texts = new LinkedHashMap<>();
        TEXTS.forEach((name, title) -> {
            Object value = details.get(name);
            String text = value == null || value instanceof String ? (String) value : Json.write(value);
            if (text != null && !text.isEmpty()) {
                texts.put(title, end(text, Boolean.TRUE.equals(details.get(Detail.TRUNCATED))));
            }
        });
        return texts;
    }

    /** Files that a branch left: a response's, and what commands' outputs are kept as. */
    private static Map<String, Object> files(Map<String, Object> details, Function<String, String> kept) {
        Map<String, Object> files = new LinkedHashMap<>();
        details.forEach((name, value) -> {
            if (value instanceof String path && (name.equals(Detail.PATH) || name.endsWith("File"))) {
                String link = kept.apply(path);
                if (link != null) {
                    files.put(cut(path, MAX_FACT), link);
                }
            }
        });
        return files;
    }

    private static String end(String text, boolean truncated) {
        boolean cut = text.length() > MAX_TEXT;
        return (cut || truncated ? "… " : "") + (cut ? text.substring(text.length() - MAX_TEXT) : text);
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length) + "…";
    }
}
