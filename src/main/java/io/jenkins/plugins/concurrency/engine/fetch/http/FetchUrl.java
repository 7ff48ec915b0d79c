package io.jenkins.plugins.concurrency.engine.fetch.http;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.destination.HostAddress;
import io.jenkins.plugins.concurrency.engine.fetch.destination.Idna;
import io.jenkins.plugins.concurrency.engine.fetch.destination.Origin;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * A parsed URL that can be fetched. Immutable.
 *
 * @param origin where to connect to
 * @param target the path and the query, as the request line has them
 */
public record FetchUrl(Origin origin, String target) {

    private static final int MAX_LENGTH = 64 * 1024;

    /**
     * Reads a URL as people and servers write it. Characters that a URL can't have but browsers accept, such as spaces,
     * are percent-encoded. A fragment is dropped.
     *
     * @throws IllegalArgumentException if it is no URL that can be fetched; the message says why, in one line
     */
    public static FetchUrl parse(String text) {
        URI uri = UrlText.toUri(beforeFragment(checked(text.strip())));
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw UrlText.invalid(text, "is not an http or https URL");
        }
        String authority = uri.getRawAuthority();
        if (authority == null) {
            throw UrlText.invalid(text, "has no host");
        }
        if (authority.indexOf('@') >= 0) {
            throw new IllegalArgumentException("the URL has a user name or password in it: "
                    + "give them as credentials or as an Authorization header");
        }
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon > authority.lastIndexOf(']');
        String host = hostOf(hasPort ? authority.substring(0, colon) : authority, text);
        int port = hasPort && colon < authority.length() - 1
                ? portOf(authority.substring(colon + 1), text)
                : Origin.defaultPort(scheme);
        return new FetchUrl(new Origin(scheme, host, port), targetOf(uri));
    }

    /**
     * The URL that a reference leads to, relative to this URL, as in the {@code Location} of a redirect.
     *
     * @throws IllegalArgumentException if it is no URL that can be fetched
     */
    public FetchUrl resolve(String reference) {
        String text = checked(beforeFragment(reference.strip()));
        if (UrlText.hasScheme(text)) {
            return parse(text);
        }
        if (text.startsWith("//")) {
            return parse(origin.scheme() + ":" + text);
        }
        if (text.startsWith("/")) {
            return parse(origin + UrlText.withoutDots(text));
        }
        String path = path();
        if (text.isEmpty()) {
            return this;
        }
        if (text.startsWith("?")) {
            return parse(origin + path + text);
        }
        return parse(origin + UrlText.withoutDots(path.substring(0, path.lastIndexOf('/') + 1) + text));
    }

    /**
     * The URL with more fields after its own query.
     *
     * @param fields see {@link FormFields}
     * @throws IllegalArgumentException if the URL becomes too long
     */
    public FetchUrl withQuery(Map<String, ?> fields) {
        String more = fields.isEmpty() ? "" : FormFields.encoded(fields);
        if (more.isEmpty()) {
            return this;
        }
        String separator = target.indexOf('?') < 0 ? "?" : target.endsWith("?") || target.endsWith("&") ? "" : "&";
        FetchUrl url = new FetchUrl(origin, target + separator + more);
        checked(url.target);
        return url;
    }

    public boolean isSecure() {
        return origin.isSecure();
    }

    public boolean sameOrigin(FetchUrl other) {
        return origin.equals(other.origin);
    }

    /** The path, still percent-encoded. It begins with a slash. */
    public String path() {
        int end = target.indexOf('?');
        return end < 0 ? target : target.substring(0, end);
    }

    /**
     * The path as a lenient server may read it: escapes of slashes and dots are decoded, parameters of segments are
     * removed, and then {@code ..} is resolved.
     */
    public String lenientPath() {
        String path = path();
        for (int i = 0; i < 3; i++) { // some servers decode more than once
            path = path.replaceAll("%25", "%").replaceAll("(?i)%2e", ".").replaceAll("(?i)%2f|%5c", "/");
        }
        return UrlText.withoutDots(path.replaceAll("(?i)(;|%3b)[^/]*", "").replaceAll("/{2,}", "/"));
    }

    /** The last segment of the path, still percent-encoded; may be empty. */
    public String lastSegment() {
        String path = path();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** What follows the question mark, still percent-encoded; empty if there is none. */
    public String query() {
        int start = target.indexOf('?');
        return start < 0 ? "" : target.substring(start + 1);
    }

    @Override
    public String toString() {
        return origin.scheme() + "://" + origin.authority() + target;
    }

    private static String targetOf(URI uri) {
        String path = uri.getRawPath();
        String target = path == null || path.isEmpty() ? "/" : path;
        String full = uri.getRawQuery() == null ? target : target + "?" + uri.getRawQuery();
        return UrlText.withoutDots(UrlText.ascii(full));
    }

    private static String hostOf(String text, String url) {
        if (text.startsWith("[") && text.endsWith("]")) {
            return address(text.substring(1, text.length() - 1), url);
        }
        String host;
        try {
            String name = text.indexOf('%') < 0 ? text : URLDecoder.decode(text, StandardCharsets.UTF_8);
            host = UrlText.isAscii(name) ? name : Idna.toAscii(name);
        } catch (IllegalArgumentException e) {
            throw UrlText.invalid(url, "has an invalid host name: " + e.getMessage());
        }
        if (host.isEmpty()) {
            throw UrlText.invalid(url, "has no host");
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (!Character.isLetterOrDigit(c) && c != '.' && c != '-' && c != '_') {
                throw UrlText.invalid(url, "has an invalid host name");
            }
        }
        String address = address(host, url);
        return address == null ? host.toLowerCase(Locale.ROOT) : address;
    }

    /**
     * An address in its usual notation, so that no other program takes it for another address; {@code null} for a name.
     */
    @CheckForNull
    private static String address(String host, String url) {
        try {
            InetAddress address = HostAddress.of(host);
            return address == null ? null : HostAddress.text(address);
        } catch (IllegalArgumentException e) {
            throw UrlText.invalid(url, "has an invalid IP address");
        }
    }

    private static int portOf(String digits, String url) {
        try {
            int port = Integer.parseInt(digits);
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw UrlText.invalid(url, "has an invalid port");
    }

    private static String beforeFragment(String text) {
        int hash = text.indexOf('#');
        return hash < 0 ? text : text.substring(0, hash);
    }

    private static String checked(String text) {
        if (text.length() > MAX_LENGTH) {
            throw UrlText.invalid(text, "is longer than " + MAX_LENGTH + " characters");
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                throw UrlText.invalid(text, "has a control character in it");
            }
        }
        return text;
    }
}
