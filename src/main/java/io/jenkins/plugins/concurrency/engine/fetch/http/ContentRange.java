package io.jenkins.plugins.concurrency.engine.fetch.http;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bytes of the whole that a response contains (RFC 9110, 14.4).
 *
 * @param total how many bytes the whole has; negative if the server does not know
 */
public record ContentRange(long first, long last, long total) {

    private static final Pattern BYTES = Pattern.compile("bytes +(\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)", Pattern.CASE_INSENSITIVE);

    /** The {@code Content-Range} of a response; {@code null} if there is no valid one. */
    @CheckForNull
    public static ContentRange of(Response response) {
        String header = response.list("Content-Range"); // two different ones are both invalid
        Matcher matcher = BYTES.matcher(header == null ? "" : header.strip());
        if (!matcher.matches()) {
            return null;
        }
        String total = matcher.group(3);
        return new ContentRange(
                Long.parseLong(matcher.group(1)),
                Long.parseLong(matcher.group(2)),
                total.equals("*") ? -1 : Long.parseLong(total));
    }

    /** Whether the range starts after this many bytes and reaches to the end of the whole. */
    public boolean isRestAfter(long beginning) {
        return first == beginning && last >= first && last + 1 == total;
    }
}
