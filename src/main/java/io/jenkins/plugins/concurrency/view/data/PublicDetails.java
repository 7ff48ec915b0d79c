package io.jenkins.plugins.concurrency.view.data;

import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The details of an outcome that pages and downloads show: everything but the values of response headers that contain
 * credentials. Secrets that Jenkins knows were masked before the journal was written.
 */
public final class PublicDetails {

    private static final Pattern SECRET_HEADER = Pattern.compile(
            "(set-)?cookie2?|.*authori[sz]ation.*|.*authenticat.*|.*token.*|.*secret.*|.*password.*|.*api-?key.*|.*session.*",
            Pattern.CASE_INSENSITIVE);

    private static final String HIDDEN = "(hidden)";

    private PublicDetails() {}

    /** The details by their names in {@link OutcomeDetail}. */
    public static Map<String, Object> of(Outcome outcome) {
        Map<String, Object> details = new LinkedHashMap<>(outcome.details());
        details.remove(OutcomeDetail.DEFINITION); // only a later run uses it
        if (details.get(OutcomeDetail.HEADERS) instanceof Map<?, ?> headers) {
            Map<Object, Object> shown = new LinkedHashMap<>();
            headers.forEach((name, value) ->
                    shown.put(name, SECRET_HEADER.matcher(String.valueOf(name)).matches() ? HIDDEN : value));
            details.put(OutcomeDetail.HEADERS, shown);
        }
        return details;
    }

    /** The outcome in its JSON form with these details. */
    public static Map<String, Object> toJson(Outcome outcome) {
        Map<String, Object> json = outcome.toJson();
        if (json.containsKey("details")) {
            json.put("details", of(outcome));
        }
        return json;
    }
}
