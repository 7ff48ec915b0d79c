package io.jenkins.plugins.concurrency.engine.fetch.http;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.connect.ClientIdentity;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Connection;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Route;
import io.jenkins.plugins.concurrency.engine.fetch.destination.Origin;
import io.jenkins.plugins.concurrency.engine.process.Sha256;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.net.URIAuthority;

/**
 * One request of an attempt: the first, or one after a redirect. Immutable.
 *
 * @param headers the user's headers and the standard ones, without those computed from the URL and the body
 * @param identity the client certificate; {@code null} for none
 * @param byPath whether the certificate, or {@code Authorization}, is valid only for the URL's path, as far as is known
 *     here
 */
public record RequestSpec(
        FetchUrl url,
        String method,
        List<Header> headers,
        @CheckForNull RequestBody body,
        @CheckForNull ClientIdentity identity,
        boolean byPath) {

    /** Headers that say who asks, or what the client has already. */
    private static final Set<String> NOT_OF_VARIANT = Set.of(
            "authorization", "proxy-authorization", "cookie", "user-agent", "if-none-match", "if-modified-since");

    /** The request with more headers. They replace those of the same name. */
    public RequestSpec with(Map<String, String> further) {
        List<Header> all = new ArrayList<>(headers);
        all.removeIf(header -> further.keySet().stream().anyMatch(header.getName()::equalsIgnoreCase));
        further.forEach((name, value) -> all.add(new BasicHeader(name, value)));
        return new RequestSpec(url, method, List.copyOf(all), body, identity, byPath);
    }

    public boolean hasHeader(String name) {
        return headers.stream().anyMatch(header -> header.getName().equalsIgnoreCase(name));
    }

    /** A hash of the headers by which a server may choose a variant of the resource. It contains nothing secret. */
    public String variant() {
        Sha256 hash = new Sha256();
        headers.stream()
                .map(header -> header.getName().toLowerCase(Locale.ROOT) + ": " + header.getValue() + "\n")
                .filter(line -> !NOT_OF_VARIANT.contains(line.substring(0, line.indexOf(':'))))
                .sorted()
                .forEach(line -> hash.update(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8))));
        return hash.hex();
    }

    /** The route of the connection that it needs. */
    public Route route() {
        return new Route(url.origin(), url.isSecure() ? identity : null);
    }

    public boolean isIdempotent() {
        return HttpSyntax.isIdempotent(method);
    }

    /** The request in HttpCore's form. */
    public HttpRequest toRequest(Connection connection) throws ProtocolException {
        // a proxy needs the whole URL
        String target = connection.isProxied() ? url.toString() : url.target();
        BasicHttpRequest request = new BasicHttpRequest(method, url.origin().scheme(), authority(connection), target);
        boolean typeGiven = false;
        boolean hostGiven = connection.isShared();
        for (Header header : headers) {
            boolean host = header.getName().equalsIgnoreCase("Host");
            if (!(host && connection.isShared())) {
                request.addHeader(header);
            }
            hostGiven |= host;
            typeGiven |= header.getName().equalsIgnoreCase("Content-Type");
        }
        if (!hostGiven) {
            request.addHeader("Host", url.origin().authority());
        }
        if (connection.proxyAuthorization() != null) {
            request.addHeader("Proxy-Authorization", connection.proxyAuthorization());
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

    /** HTTP/2 has no Host header. It has its own field for the authority. */
    private URIAuthority authority(Connection connection) throws ProtocolException {
        for (Header header : headers) {
            if (connection.isShared() && header.getName().equalsIgnoreCase("Host")) {
                try {
                    return URIAuthority.create(header.getValue());
                } catch (URISyntaxException e) {
                    throw new ProtocolException("the Host header is not a host name", e);
                }
            }
        }
        Origin origin = url.origin();
        return new URIAuthority(origin.host(), origin.port() == Origin.defaultPort(origin.scheme()) ? -1 : origin.port());
    }
}
