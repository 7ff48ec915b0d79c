package io.jenkins.plugins.concurrency.engine.fetch;

import io.jenkins.plugins.concurrency.engine.fetch.http.FetchUrl;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestSpec;
import io.jenkins.plugins.concurrency.engine.fetch.http.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hc.client5.http.cookie.BasicCookieStore;
import org.apache.hc.client5.http.cookie.Cookie;
import org.apache.hc.client5.http.cookie.CookieOrigin;
import org.apache.hc.client5.http.cookie.CookieSpec;
import org.apache.hc.client5.http.cookie.CookieStore;
import org.apache.hc.client5.http.cookie.MalformedCookieException;
import org.apache.hc.client5.http.impl.cookie.RFC6265CookieSpecFactory;
import org.apache.hc.client5.http.psl.PublicSuffixMatcherLoader;
import org.apache.hc.core5.http.Header;

/**
 * The cookies that redirects of one attempt set, as logins and load balancers need them. Within that attempt they are
 * sent where RFC 6265 allows, and then forgotten. Used by one thread at a time.
 */
final class RedirectCookies {

    /** What a client has to be able to keep (RFC 6265, 6.1). */
    private static final int MAX_COOKIES = 50;

    private static final int MAX_LENGTH = 4096;

    private CookieStore store;

    /** Takes what a redirect sets; what is no cookie, or one that the server may not set, is passed over. */
    void take(Response redirect) {
        Header[] lines = redirect.head().getHeaders("Set-Cookie");
        CookieOrigin origin = originOf(redirect.url());
        for (Header line : lines) {
            boolean room = store == null || store.getCookies().size() < MAX_COOKIES;
            if (room && line.getValue() != null && line.getValue().length() <= MAX_LENGTH) {
                take(line, origin);
            }
        }
    }

    private void take(Header line, CookieOrigin origin) {
        if (store == null) {
            store = new BasicCookieStore();
        }
        try {
            for (Cookie cookie : Specification.SPEC.parse(line, origin)) {
                Specification.SPEC.validate(cookie, origin);
                store.addCookie(cookie);
            }
        } catch (MalformedCookieException e) {
            // browsers pass over it as well
        }
    }

    /** A request with the cookies that are for it; of those that the user gave they replace the ones of the same name. */
    RequestSpec addTo(RequestSpec request) {
        List<Cookie> matching = store == null ? List.of() : matching(originOf(request.url()));
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
        Specification.SPEC.formatCookies(matching).forEach(header -> all.add(header.getValue()));
        return request.with(Map.of("Cookie", String.join("; ", all)));
    }

    private List<Cookie> matching(CookieOrigin origin) {
        store.clearExpired(Instant.now());
        return store.getCookies().stream().filter(cookie -> Specification.SPEC.match(cookie, origin)).toList();
    }

    private static CookieOrigin originOf(FetchUrl url) {
        return new CookieOrigin(url.origin().host(), url.origin().port(), url.path(), url.isSecure());
    }

    /** Reads the list of public suffixes when the first cookie comes. */
    private static final class Specification {
        static final CookieSpec SPEC = new RFC6265CookieSpecFactory(
                        RFC6265CookieSpecFactory.CompatibilityLevel.RELAXED, PublicSuffixMatcherLoader.getDefault())
                .create(null);
    }
}
