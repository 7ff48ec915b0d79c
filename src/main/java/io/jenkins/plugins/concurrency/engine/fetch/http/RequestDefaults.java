package io.jenkins.plugins.concurrency.engine.fetch.http;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The defaults of a run's requests.
 *
 * @param method the HTTP method; well-known ones in any case
 * @param headers request headers; a branch's own header of the same name wins
 * @param body sent as UTF-8 by requests that have neither a body nor a {@code bodyFile} of their own
 * @param validStatus the statuses that count as success
 * @param credentialsId the {@link CredentialReference}; {@code null} for none
 */
public record RequestDefaults(
        String method,
        Map<String, String> headers,
        @CheckForNull String body,
        StatusRanges validStatus,
        @CheckForNull String credentialsId) {

    /** {@code GET} without headers of its own, any 2xx status. */
    public static final RequestDefaults STANDARD = new RequestDefaults("GET", Map.of(), null, StatusRanges.parse("200:299"));

    public RequestDefaults {
        method = HttpSyntax.method(method);
        Objects.requireNonNull(validStatus);
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        String problem = HttpSyntax.problemWithMethod(method);
        if (problem == null) {
            problem = HttpSyntax.problemWithHeaders(headers);
        }
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
    }

    /** Defaults without credentials. */
    public RequestDefaults(
            String method, Map<String, String> headers, @CheckForNull String body, StatusRanges validStatus) {
        this(method, headers, body, validStatus, null);
    }
}
