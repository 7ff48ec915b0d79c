package io.jenkins.plugins.concurrency.engine.fetch.http;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The defaults of a run's requests, and what they have in common.
 *
 * @param method the HTTP method, well-known ones in upper or lower case; {@code null} for {@code POST} with a body and
 *     {@code GET} without one
 * @param query {@link FormFields} that are added to the URL's own; a branch's own field of the same name wins
 * @param headers request headers, each a text or a list of lines; a branch's own header of the same name wins
 * @param body the body of requests that have none of their own
 * @param validStatus the statuses that count as success
 * @param validBody what the bodies of these responses must contain; {@code null} for anything
 * @param credentialsId the {@link CredentialReference}; {@code null} for none
 * @param cookies whether requests send the cookies that responses to other requests have set
 */
public record RequestDefaults(
        @CheckForNull String method,
        Map<String, ?> query,
        Map<String, ?> headers,
        @CheckForNull BodySpec body,
        StatusRanges validStatus,
        @CheckForNull BodyPattern validBody,
        @CheckForNull String credentialsId,
        boolean cookies) {

    /** {@code GET} without additional headers; any 2xx status counts as success. */
    public static final RequestDefaults STANDARD = new RequestDefaults(null, Map.of(), null, StatusRanges.parse("200:299"));

    public RequestDefaults {
        method = method == null ? null : HttpSyntax.method(method);
        Objects.requireNonNull(validStatus);
        query = FormFields.of("query", query);
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        String problem = method == null ? null : HttpSyntax.problemWithMethod(method);
        if (problem == null) {
            problem = HttpSyntax.problemWithHeaders(headers);
        }
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
    }

    /** Defaults without credentials. Requests do not share cookies. */
    public RequestDefaults(
            @CheckForNull String method, Map<String, ?> headers, @CheckForNull BodySpec body, StatusRanges validStatus) {
        this(method, Map.of(), headers, body, validStatus, null, null, false);
    }

    /** The method of a request that names none. */
    public String method(boolean withBody) {
        return method != null ? method : withBody ? "POST" : "GET";
    }
}
