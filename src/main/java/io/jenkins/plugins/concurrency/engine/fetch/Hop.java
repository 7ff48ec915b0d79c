package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.net.URIAuthority;

/**
 * One request of an attempt: the first, or one that a redirect led to. Immutable.
 *
 * @param headers those that the user gave and the standard ones, without what follows from the URL and the body
 */
record Hop(
        @NonNull FetchUrl url, @NonNull String method, @NonNull List<Header> headers, @CheckForNull RequestBody body) {

    /** What may follow a redirect to another origin. Any other header may be a secret of the first one. */
    private static final Set<String> HARMLESS_HEADERS = Set.of(
            "accept", "accept-language", "accept-encoding", "user-agent", "cache-control", "pragma", "range",
            "if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range", "content-type",
            "content-language", "content-encoding");

    boolean isIdempotent() {
        return HttpSyntax.isIdempotent(method);
    }

    /** Whether a response with this status and a {@code Location} sends the client elsewhere. */
    static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    /**
     * The request that a redirect leads to: 303, and 301 and 302 after a POST, ask for the target with a GET, as
     * browsers do (RFC 9110, 15.4); the others repeat the request.
     */
    @NonNull
    Hop redirected(int status, @NonNull FetchUrl location) {
        boolean toGet = status == 303 && !method.equals("HEAD")
                || (status == 301 || status == 302) && method.equals("POST");
        List<Header> kept = headers.stream()
                .filter(header -> isKept(header.getName().toLowerCase(Locale.ROOT), toGet, location))
                .toList();
        return new Hop(location, toGet ? "GET" : method, kept, toGet ? null : body);
    }

    /** The request as HttpClient has it. */
    @NonNull
    HttpRequest toRequest() {
        URIAuthority authority = new URIAuthority(url.host(), url.port());
        BasicHttpRequest request = new BasicHttpRequest(method, url.scheme(), authority, url.target());
        boolean hostGiven = false;
        boolean typeGiven = false;
        for (Header header : headers) {
            request.addHeader(header);
            hostGiven |= header.getName().equalsIgnoreCase("Host");
            typeGiven |= header.getName().equalsIgnoreCase("Content-Type");
        }
        if (!hostGiven) {
            request.addHeader("Host", url.authority());
        }
        if (body != null) {
            request.addHeader("Content-Length", Long.toString(body.length()));
            if (!typeGiven) {
                request.addHeader("Content-Type", body.contentType());
            }
        } else if (method.equals("POST") || method.equals("PUT") || method.equals("PATCH")) {
            request.addHeader("Content-Length", "0");
        }
        return request;
    }

    private boolean isKept(String header, boolean bodyDropped, FetchUrl location) {
        if (bodyDropped && header.startsWith("content-")) {
            return false;
        }
        return HARMLESS_HEADERS.contains(header) || url.sameOrigin(location);
    }
}
