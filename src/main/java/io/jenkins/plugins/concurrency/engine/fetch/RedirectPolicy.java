package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.body.ContentCoding;
import io.jenkins.plugins.concurrency.engine.fetch.connect.ClientIdentity;
import io.jenkins.plugins.concurrency.engine.fetch.http.FetchUrl;
import io.jenkins.plugins.concurrency.engine.fetch.http.HeaderText;
import io.jenkins.plugins.concurrency.engine.fetch.http.MessageText;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestSpec;
import io.jenkins.plugins.concurrency.engine.fetch.http.Response;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hc.core5.http.Header;

/**
 * Decides about the redirects of one attempt: which are followed, with which method, headers, cookies and credentials.
 * Used under the attempt's lock.
 */
final class RedirectPolicy {

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    /** Headers that are also sent to another origin. Any other header may be a secret of the first origin. */
    private static final Set<String> HARMLESS_HEADERS = Set.of(
            "accept", "accept-language", "accept-encoding", "user-agent", "cache-control", "pragma", "range",
            "if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range", "content-type",
            "content-language", "content-encoding");

    private final FetchPlan plan;
    private final int limit;
    private final CookieJar cookies;
    private final boolean shared;
    private int followed;

    /** The present request, without cookies that responses have set. */
    private RequestSpec withoutCookies;

    /** @param cookies the cookies of the whole run; {@code null} if each attempt keeps those of its redirects */
    RedirectPolicy(FetchPlan plan, RedirectSettings settings, @CheckForNull CookieJar cookies) {
        this.shared = cookies != null;
        this.cookies = shared ? cookies : new CookieJar();
        this.plan = plan;
        this.limit = settings.limit();
    }

    /** Whether a response with this status is followed as a redirect. If not, it is the final response. */
    static boolean isFollowed(RedirectSettings settings, int status) {
        return settings.follow() && REDIRECTS.contains(status);
    }

    /** The first request to send, with the cookies of the run. */
    RequestSpec begin(RequestSpec first) {
        withoutCookies = first;
        return shared ? cookies.addTo(first) : first;
    }

    /** Takes the cookies of a response, if the run shares them. */
    void look(Response response) {
        if (shared) {
            cookies.take(response);
        }
    }

    /**
     * Makes the request that follows a redirect.
     *
     * @throws RefusedException if the redirect is not followed
     */
    RequestSpec follow(Response redirect) throws RefusedException {
        FetchUrl url = target(redirect);
        if (followed == limit) {
            throw new RefusedException(
                    redirect,
                    "stopped after " + followed + " redirects, the next one to " + MessageText.line(url.toString()));
        }
        if (redirect.url().isSecure() && !url.isSecure()) {
            throw new RefusedException(redirect, "redirect from https to " + MessageText.line(url.toString())
                    + " refused: it would leave the encrypted connection");
        }
        followed++;
        cookies.take(redirect);
        withoutCookies = unpacked(redirected(withoutCookies, redirect.status(), url));
        return cookies.addTo(withoutCookies);
    }

    /** Whether some have been followed. */
    boolean hasFollowed() {
        return followed > 0;
    }

    private static FetchUrl target(Response redirect) throws RefusedException {
        String location = redirect.header("Location");
        if (location == null) {
            throw new RefusedException(redirect, redirect.statusLine() + " without a Location");
        }
        try {
            return redirect.url().resolve(HeaderText.reference(location));
        } catch (IllegalArgumentException e) {
            String origin = MessageText.line(redirect.url().toString());
            throw new RefusedException(redirect, "redirect from " + origin + ": " + e.getMessage());
        }
    }

    /**
     * A GET follows a 303, and a 301 or 302 after a POST, as in browsers (RFC 9110, 15.4). After the others the same
     * request is sent to the new URL.
     */
    private static RequestSpec redirected(RequestSpec from, int status, FetchUrl location) {
        String method = from.method();
        boolean toGet = status == 303 && !method.equals("HEAD")
                || (status == 301 || status == 302) && method.equals("POST");
        List<Header> kept = from.headers().stream()
                .filter(header -> isKept(from, header.getName().toLowerCase(Locale.ROOT), toGet, location))
                .toList();
        ClientIdentity shown = isKnownAt(from, location) ? from.identity() : null;
        return new RequestSpec(
                location, toGet ? "GET" : method, kept, toGet ? null : from.body(), shown, from.byPath());
    }

    private static boolean isKept(RequestSpec from, String header, boolean bodyDropped, FetchUrl location) {
        if (bodyDropped && header.startsWith("content-")) {
            return false;
        }
        return HARMLESS_HEADERS.contains(header)
                || (header.equals("authorization") ? isKnownAt(from, location) : from.url().sameOrigin(location));
    }

    private static boolean isKnownAt(RequestSpec from, FetchUrl location) {
        return from.url().sameOrigin(location) && (!from.byPath() || from.url().path().equals(location.path()));
    }

    /** If the file is compressed already, asks the server not to compress it for the transfer. */
    private RequestSpec unpacked(RequestSpec request) {
        boolean packed =
                plan.unpacked() && plan.target() != null && ContentCoding.isPacked(request.url().lastSegment());
        return packed ? request.with(Map.of("Accept-Encoding", ContentCoding.NONE)) : request;
    }

    /** A redirect that is not followed. The same request would be redirected in the same way again. */
    static final class RefusedException extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient Response redirect;

        /** @param why a message for users, one line */
        private RefusedException(Response redirect, String why) {
            super(why, null, false, false);
            this.redirect = redirect;
        }

        AttemptResult result() {
            return new AttemptResult.Failed(
                    new BranchError(ErrorType.PROTOCOL, getMessage()), AttemptResult.Retry.NEVER, redirect.details());
        }
    }
}
