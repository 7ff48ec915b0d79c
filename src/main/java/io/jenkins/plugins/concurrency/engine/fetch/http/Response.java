package io.jenkins.plugins.concurrency.engine.fetch.http;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.ErrorPageText;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import java.nio.charset.Charset;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.impl.EnglishReasonPhraseCatalog;

/**
 * The head of a response, as far as the engine reads it.
 *
 * @param proxy the proxy that passed the response on or made it, for messages; {@code null} for none
 * @param length the announced length of the body in bytes; negative if none was announced
 */
public record Response(FetchUrl url, @CheckForNull String proxy, HttpResponse head, boolean hasBody, long length) {

    /** In characters, for all headers together. Results leave out headers beyond this. */
    private static final int MAX_HEADERS = 64 * 1024;

    /** Headers whose values have commas. If lines were joined with commas, they could not be separated again. */
    private static final Set<String> WITH_COMMAS =
            Set.of("set-cookie", "www-authenticate", "proxy-authenticate", "link");

    /** @param hop the request: it decides, with the status, whether there is a body (RFC 9110, 6.4.1) */
    public static Response of(RequestSpec hop, @CheckForNull String proxy, HttpResponse head, @CheckForNull EntityDetails entity) {
        int status = head.getCode();
        if (hop.method().equals("HEAD") || status == 204 || status == 304) {
            return new Response(hop.url(), proxy, head, false, 0);
        }
        long length = entity == null ? -1 : entity.getContentLength();
        return new Response(hop.url(), proxy, head, true, length < 0 ? announced(head) : length);
    }

    /** The announced length. With HTTP/2 the protocol does not use it, but the server has still said it. */
    private static long announced(HttpResponse head) {
        Header header = head.getVersion() != null && head.getVersion().getMajor() >= 2
                ? head.getFirstHeader("Content-Length")
                : null;
        try {
            return header == null ? -1 : Long.parseLong(header.getValue());
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    public int status() {
        return head.getCode();
    }

    /** For example {@code HTTP 404 Not Found}. Never contains the server's own words. */
    public String statusLine() {
        // the catalog knows only the classes from 1xx to 5xx
        boolean known = status() >= 100 && status() < 600;
        String phrase = known ? EnglishReasonPhraseCatalog.INSTANCE.getReason(status(), Locale.ROOT) : null;
        return "HTTP " + status() + (phrase == null ? "" : " " + phrase);
    }

    /**
     * What is wrong with the status, for example {@code HTTP 502 Bad Gateway through the proxy p:3128: out of order}.
     */
    public String problem(@CheckForNull Object page) {
        return proxy == null
                ? statusLine()
                : statusLine() + (status() == 407 ? " from " : " through ") + proxy + ErrorPageText.afterColon(String.valueOf(page));
    }

    @CheckForNull
    public String header(String name) {
        Header header = head.getFirstHeader(name);
        return header == null ? null : header.getValue();
    }

    /** The value of a header that is a list and may have several lines (RFC 9110, 5.3); {@code null} for none. */
    @CheckForNull
    public String list(String name) {
        Header[] lines = head.getHeaders(name);
        return lines.length == 0 ? null : Stream.of(lines).map(Response::value).collect(Collectors.joining(", "));
    }

    /** The date in a header; {@code null} for none. */
    @CheckForNull
    public Instant date(String name) {
        String text = header(name);
        return text == null ? null : HttpSyntax.date(text);
    }

    /**
     * Whether the response was sent within a second of the last change. Then neither its date nor its entity tag
     * distinguishes versions: nginx, Caddy and others make strong tags from the size and the second.
     */
    public boolean isJustModified() {
        Instant modified = date("Last-Modified");
        Instant sent = date("Date");
        return modified != null && sent != null && Math.abs(modified.until(sent, ChronoUnit.SECONDS)) <= 1;
    }

    /** The charset that the response declares for its body; UTF-8 if it declares none that the JVM knows. */
    public Charset charset() {
        return BodyCharset.of(header("Content-Type"));
    }

    /**
     * The details of the head for results, with the names of {@link OutcomeDetail}. The body adds its own details
     * later.
     */
    public Map<String, Object> details() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put(OutcomeDetail.URL, url.toString());
        details.put(OutcomeDetail.STATUS, status());
        details.put(OutcomeDetail.HEADERS, headers());
        return details;
    }

    private static String value(Header header) {
        return header.getValue() == null ? "" : header.getValue();
    }

    private Map<String, Object> headers() {
        Map<String, Object> headers = new LinkedHashMap<>();
        int room = MAX_HEADERS;
        for (Iterator<Header> all = head.headerIterator(); all.hasNext(); ) {
            Header header = all.next();
            String name = header.getName().toLowerCase(Locale.ROOT);
            String value = HeaderText.decoded(value(header));
            room -= header.getName().length() + value.length();
            if (room < 0) {
                break;
            }
            String separator = WITH_COMMAS.contains(name) ? "\n" : ", ";
            headers.merge(name, value, (first, next) -> first + separator + next);
        }
        return headers;
    }
}
