package io.jenkins.plugins.concurrency.view.data;

import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Everything that a page shows about one branch: short facts, and the ends of its texts. */
public final class BranchDetail {

    private static final int MAX_TEXT = 8 * 1024;
    private static final int MAX_FACT = 2_000;

    /** The limit for facts, headers and attempts. No branch has so many, but the journal is not trusted. */
    private static final int MAX_ITEMS = 200;

    /** Texts that are shown in a box of their own, by the titles of the boxes. */
    private static final Map<String, String> TEXTS = new LinkedHashMap<>();

    static {
        TEXTS.put(OutcomeDetail.STDERR, "Standard error");
        TEXTS.put(OutcomeDetail.STDOUT, "Standard output");
        TEXTS.put(OutcomeDetail.BODY, "Response body");
        TEXTS.put(OutcomeDetail.VALUE, "Value");
    }

    /** Details that the page shows in another place. */
    private static final Set<String> ELSEWHERE =
            Set.of(OutcomeDetail.DEFINITION, OutcomeDetail.HEADERS, OutcomeDetail.TRIES, OutcomeDetail.TRUNCATED, OutcomeDetail.WORKER);

    private BranchDetail() {}

    /**
     * The JSON form for pages.
     *
     * @param lane the branch's lane, from 1; 0 if it has none
     * @param relatives what {@code RunIndex} says of those that it needs, and of those that need it
     * @param kept returns the link to a file that the branch has left, by its path; {@code null} if there is none
     */
    public static Map<String, Object> toJson(
            Outcome outcome, int lane, Map<String, Object> relatives, Function<String, String> kept) {
        Map<String, Object> details = PublicDetails.of(outcome);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("index", outcome.index());
        json.put("name", cut(outcome.name()));
        json.put("outcome", outcome.status().text());
        if (outcome.error() != null) {
            json.put("error", outcome.error().type().text());
            json.put("message", cut(outcome.error().message()));
        }
        json.put("attempts", outcome.attempts());
        json.put("tries", details.get(OutcomeDetail.TRIES) instanceof List<?> tries ? attempts(tries) : null);
        json.put("lane", lane);
        json.put("start", outcome.startMillis());
        json.put("millis", outcome.durationMillis());
        json.put("facts", facts(details));
        json.put("headers", details.get(OutcomeDetail.HEADERS) instanceof Map<?, ?> headers ? bounded(headers) : null);
        json.put("texts", texts(details));
        json.put("files", files(details, kept));
        json.putAll(relatives);
        return json;
    }

    private static Map<String, Object> facts(Map<String, Object> details) {
        Map<String, Object> facts = new LinkedHashMap<>();
        details.forEach((name, value) -> {
            boolean plain = value instanceof String || value instanceof Number || value instanceof Boolean;
            if (plain && facts.size() < MAX_ITEMS && !ELSEWHERE.contains(name) && !TEXTS.containsKey(name)) {
                facts.put(name, value instanceof String text ? cut(text) : value);
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
                texts.put(title, end(text, Boolean.TRUE.equals(details.get(OutcomeDetail.TRUNCATED))));
            }
        });
        return texts;
    }

    /** Files that a branch has left: that of a response, and kept outputs of commands. */
    private static Map<String, Object> files(Map<String, Object> details, Function<String, String> kept) {
        Map<String, Object> files = new LinkedHashMap<>();
        details.forEach((name, value) -> {
            if (value instanceof String path && (name.equals(OutcomeDetail.PATH) || name.endsWith("File"))) {
                String link = kept.apply(path);
                if (link != null) {
                    files.put(cut(path), link);
                }
            }
        });
        return files;
    }

    private static String end(String text, boolean truncated) {
        boolean cut = text.length() > MAX_TEXT;
        return (cut || truncated ? "… " : "") + (cut ? text.substring(text.length() - MAX_TEXT) : text);
    }

    private static List<Object> attempts(List<?> all) {
        List<Object> tries = new ArrayList<>();
        all.stream().limit(MAX_ITEMS).forEach(one -> tries.add(one instanceof Map<?, ?> fields ? bounded(fields) : null));
        return tries;
    }

    private static Map<String, Object> bounded(Map<?, ?> all) {
        Map<String, Object> bounded = new LinkedHashMap<>();
        all.entrySet().stream().limit(MAX_ITEMS).forEach(entry -> {
            Object value = entry.getValue();
            bounded.put(
                    cut(String.valueOf(entry.getKey())),
                    value instanceof List<?> values
                            ? values.stream().limit(MAX_ITEMS).map(BranchDetail::bounded).toList()
                            : bounded(value));
        });
        return bounded;
    }

    private static Object bounded(Object value) {
        return value instanceof Number ? value : cut(String.valueOf(value));
    }

    /** The part of a text that a page has room for. */
    static String cut(String text) {
        return text.length() <= MAX_FACT ? text : text.substring(0, MAX_FACT) + "…";
    }
}
