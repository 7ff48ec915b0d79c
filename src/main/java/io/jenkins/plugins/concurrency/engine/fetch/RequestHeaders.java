package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;

/** The headers that requests of a run start with. Immutable. */
final class RequestHeaders {

    private static final Map<String, String> STANDARD = Map.of(
            "User-Agent", "concurrency-steps", "Accept", "*/*", "Accept-Encoding", ContentCoding.ACCEPTED);

    private final Map<String, String> defaults;
    private final List<Header> defaultHeaders;

    RequestHeaders(Map<String, String> defaults) {
        this.defaults = defaults;
        this.defaultHeaders = merged(Map.of());
    }

    /**
     * The headers of a request.
     *
     * @param own those of the branch, which win over the defaults
     * @param authorization wins over both; {@code null} for none
     */
    List<Header> with(Map<String, String> own, @CheckForNull String authorization) {
        if (authorization == null) {
            return own.isEmpty() ? defaultHeaders : merged(own);
        }
        Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.putAll(own);
        all.put("Authorization", authorization);
        return merged(all);
    }

    /** Whether a header is the standard one, given neither as a default nor by the branch. */
    boolean isStandard(String name, Map<String, String> own) {
        return Stream.concat(defaults.keySet().stream(), own.keySet().stream()).noneMatch(name::equalsIgnoreCase);
    }

    private List<Header> merged(Map<String, String> own) {
        Map<String, Header> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Map<String, String> headers : List.of(STANDARD, defaults, own)) {
            headers.forEach((name, value) -> byName.put(name, new BasicHeader(name, value)));
        }
        return List.copyOf(byName.values());
    }
}
