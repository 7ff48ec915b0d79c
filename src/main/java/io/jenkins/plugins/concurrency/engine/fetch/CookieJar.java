package io.jenkins.plugins.concurrency.engine.fetch;

import io.jenkins.plugins.concurrency.engine.fetch.destination.HostAddress;
import io.jenkins.plugins.concurrency.engine.fetch.http.FetchUrl;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestSpec;
import io.jenkins.plugins.concurrency.engine.fetch.http.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hc.client5.http.cookie.Cookie;
import org.apache.hc.client5.http.cookie.CookieOrigin;
import org.apache.hc.client5.http.cookie.CookieSpec;
import org.apache.hc.client5.http.cookie.MalformedCookieException;
import org.apache.hc.client5.http.impl.cookie.RFC6265CookieSpecFactory;
import org.apache.hc.client5.http.psl.PublicSuffixMatcher;
import org.apache.hc.client5.http.psl.PublicSuffixMatcherLoader;
import org.apache.hc.core5.http.Header;

/**
 * Keeps the cookies that responses set, for the redirects of one attempt or for a whole run. Logins and load balancers
 * need them. They are sent where RFC 6265 allows it, and are only in memory. Thread-safe.
 */
final class CookieJar {

    /**
     * The most cookies of one site. A client must be able to keep as many (RFC 6265, 6.1). If there are more, the
     * oldest is removed.
     */
    private static final int MAX_COOKIES = 50;

    private static final int MAX_SITES = 1_000;

    private static final int MAX_LENGTH = 4096;

    /** A cookie replaces another one with the same identity. */
    private record Identity(String name, String domain, String path) {}

    /**
     * The cookies of each site. A site is a domain that somebody can register, and no cookie is sent to another site.
     * Guarded by this; {@code null} before the first cookie.
     */
    private Map<String, Map<Identity, Cookie>> sites;

    /** Takes the cookies that a response sets. Ignores malformed cookies, and those that the server may not set. */
    void take(Response response) {
        Header[] lines = response.head().getHeaders("Set-Cookie");
        if (lines.length == 0) {
            return;
        }
        CookieOrigin origin = originOf(response.url());
        for (Header line : lines) {
            if (line.getValue() != null && line.getValue().length() <= MAX_LENGTH) {
                take(line, origin);
            }
        }
    }

    private synchronized void take(Header line, CookieOrigin origin) {
        try {
            for (Cookie cookie : Standard.SPEC.parse(line, origin)) {
                Standard.SPEC.validate(cookie, origin);
                sites = sites == null ? limited(MAX_SITES) : sites;
                Map<Identity, Cookie> site = sites.computeIfAbsent(siteOf(origin), absent -> limited(MAX_COOKIES));
                Identity identity = new Identity(cookie.getName(), cookie.getDomain(), cookie.getPath());
                site.remove(identity); // so that the new one becomes the youngest
                if (!cookie.isExpired(Instant.now())) {
                    site.put(identity, cookie);
                }
            }
        } catch (MalformedCookieException e) {
            // ignored, as browsers do
        }
    }

    /**
     * Adds the cookies that match the request's URL. A cookie from here replaces a cookie of the same name that the
     * user gave.
     */
    RequestSpec addTo(RequestSpec request) {
        List<Cookie> matching = matching(request.url());
        if (matching.isEmpty()) {
            return request;
        }
        Set<String> names = matching.stream().map(Cookie::getName).collect(Collectors.toSet());
        List<String> all = new ArrayList<>();
        request.headers().stream()
                .filter(header -> header.getName().equalsIgnoreCase("Cookie"))
                .flatMap(header -> Stream.of(header.getValue().split(";")))
                .map(String::strip)
                .filter(pair -> !pair.isEmpty() && !names.contains(pair.split("=", 2)[0].strip()))
                .forEach(all::add);
        Standard.SPEC.formatCookies(matching).forEach(header -> all.add(header.getValue()));
        return request.with(Map.of("Cookie", String.join("; ", all)));
    }

    private synchronized List<Cookie> matching(FetchUrl url) {
        if (sites == null) {
            return List.of();
        }
        CookieOrigin origin = originOf(url);
        Instant now = Instant.now();
        return sites.getOrDefault(siteOf(origin), Map.of()).values().stream()
                .filter(cookie -> !cookie.isExpired(now) && Standard.SPEC.match(cookie, origin))
                .toList();
    }

    private static CookieOrigin originOf(FetchUrl url) {
        return new CookieOrigin(url.origin().host(), url.origin().port(), url.path(), url.isSecure());
    }

    private static String siteOf(CookieOrigin origin) {
        String host = origin.getHost();
        String domain = Standard.SUFFIXES.getDomainRoot(host);
        if (domain == null || HostAddress.of(host) != null) {
            return host;
        }
        // the domain is only the last label, which is no known suffix: it counts as one
        return domain.indexOf('.') >= 0 ? domain : host.substring(host.lastIndexOf('.', host.length() - domain.length() - 2) + 1);
    }

    private static <K, V> Map<K, V> limited(int most) {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }

    /** Loads the public suffix list when the first cookie arrives. */
    private static final class Standard {
        static final PublicSuffixMatcher SUFFIXES = PublicSuffixMatcherLoader.getDefault();
        static final CookieSpec SPEC = new RFC6265CookieSpecFactory(
                        RFC6265CookieSpecFactory.CompatibilityLevel.RELAXED, SUFFIXES)
                .create(null);
    }
}
