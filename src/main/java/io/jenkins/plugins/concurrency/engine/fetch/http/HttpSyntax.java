package io.jenkins.plugins.concurrency.engine.fetch.http;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hc.client5.http.utils.DateUtils;

/** The characters allowed in a request line and in headers, so that no value can add a further header or request. */
public final class HttpSyntax {

    /** Headers that belong to the connection or depend on the body. Only the engine writes them. */
    private static final Set<String> RESERVED = Set.of(
            "connection", "content-length", "expect", "keep-alive", "proxy-connection", "te", "trailer",
            "transfer-encoding", "upgrade");

    /** Methods that have the same effect if they are sent twice (RFC 9110, 9.2.2). */
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE");

    /** Methods that users may write in any case. Other methods are case-sensitive. */
    private static final Set<String> WELL_KNOWN = Set.of(
            "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE", "PROPFIND", "PROPPATCH",
            "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK", "REPORT", "SEARCH");

    private static final DateTimeFormatter ASCTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    /** Headers of which servers accept at most one line. */
    private static final Set<String> SINGLE = Set.of("host", "authorization", "content-type");

    private HttpSyntax() {}

    /** The lines of a header, one for each item of a list. There may be none. */
    public static List<?> headerLines(@CheckForNull Object value) {
        return value instanceof List<?> lines ? lines : Collections.singletonList(value);
    }

    /** A date in one of three forms (RFC 9110, 5.6.7); {@code null} for anything else. */
    @CheckForNull
    static Instant date(String text) {
        return DateUtils.parseDate(text.strip(), DateUtils.FORMATTER_RFC1123, DateUtils.FORMATTER_RFC1036, ASCTIME);
    }

    /**
     * Adds an {@code Accept} to headers.
     *
     * @param accept {@code null} for none
     * @throws IllegalArgumentException if the headers have one already
     */
    public static Map<String, ?> accepting(@CheckForNull String accept, Map<String, ?> headers) {
        if (accept == null) {
            return headers;
        }
        if (headers.keySet().stream().anyMatch("Accept"::equalsIgnoreCase)) {
            throw new IllegalArgumentException("'accept' and an Accept header are both given; give one of them");
        }
        Map<String, Object> all = new LinkedHashMap<>(headers);
        all.put("Accept", accept);
        return all;
    }

    /** The method as servers know it: {@code GET} for {@code get}. */
    public static String method(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        return WELL_KNOWN.contains(upper) ? upper : text;
    }

    public static boolean isIdempotent(String method) {
        return IDEMPOTENT.contains(method);
    }

    /** @return why this is no method, in one line; {@code null} if it is one */
    @CheckForNull
    public static String problemWithMethod(String method) {
        if (!isToken(method)) {
            return "method '" + MessageText.line(method) + "' is not an HTTP method such as GET or POST";
        }
        if (method(method).equals("CONNECT") || method(method).equals("TRACE")) {
            return "method '" + method + "' is not supported";
        }
        return null;
    }

    /** @return why these headers can't be sent, in one line; {@code null} if they can */
    @CheckForNull
    public static String problemWithHeaders(Map<String, ?> headers) {
        for (Map.Entry<String, ?> header : headers.entrySet()) {
            String name = header.getKey();
            if (!isToken(name)) {
                return "header name '" + MessageText.line(name) + "' has a character that header names can't have";
            }
            if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
                return "header '" + name + "' can't be set: it is computed from the request";
            }
            List<?> lines = headerLines(header.getValue());
            if (lines.size() > 1 && SINGLE.contains(name.toLowerCase(Locale.ROOT))) {
                return "header '" + name + "' can't have several lines";
            }
            for (Object line : lines) {
                // the value may be a secret, so it is not shown
                if (line == null || line instanceof Map || line instanceof List) {
                    return "the value of header '" + name + "' is neither a text nor a list of texts";
                }
                if (!isFieldValue(line.toString())) {
                    return "the value of header '" + name + "' has a character that header values can't have";
                }
            }
        }
        return null;
    }

    private static boolean isToken(@CheckForNull String text) {
        if (text == null || text.isEmpty()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean alphanumeric = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!alphanumeric && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether a header can have this value. Characters above Latin-1 would be sent as other characters. */
    public static boolean isFieldValue(@CheckForNull String text) {
        if (text == null) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' && c != '\t' || c >= 127 && c < 160 || c > 255) {
                return false;
            }
        }
        return true;
    }
}
