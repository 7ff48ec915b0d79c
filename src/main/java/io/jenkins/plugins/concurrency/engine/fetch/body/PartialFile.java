package io.jenkins.plugins.concurrency.engine.fetch.body;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.file.TargetFile;
import io.jenkins.plugins.concurrency.engine.fetch.http.ContentRange;
import io.jenkins.plugins.concurrency.engine.fetch.http.Response;
import io.jenkins.plugins.concurrency.engine.process.Sha256;
import java.time.Instant;
import java.util.List;

/**
 * The beginning of a body in its temporary file, which a later attempt may continue.
 *
 * @param hash the hash of these bytes
 * @param bytes how many bytes there are
 * @param total how many bytes the whole body has; negative if unknown
 * @param validator the entity tag or the date that the whole body must still have
 * @param codings the codings of these bytes; the rest must have the same
 */
public record PartialFile(TargetFile target, Sha256 hash, long bytes, long total, String validator, List<String> codings) {

    /**
     * The validator that tells whether the rest belongs to these bytes. It is a strong entity tag, or the date of a
     * version that is old enough to be the only one of its second (RFC 9110, 8.8.2.2 and 13.1.5).
     *
     * @return {@code null} if the response has neither, or the server does not support range requests
     */
    @CheckForNull
    public static String validatorOf(Response response) {
        if ("none".equalsIgnoreCase(response.list("Accept-Ranges"))) {
            return null;
        }
        String tag = response.header("ETag");
        if (tag != null) {
            return tag.startsWith("\"") && !response.isJustModified() ? tag : null;
        }
        Instant then = response.date("Last-Modified");
        Instant now = response.date("Date");
        boolean old = then != null && now != null && now.isAfter(then.plusSeconds(1));
        return old ? response.header("Last-Modified") : null;
    }

    /**
     * Whether a response contains the rest of this body. The response's own validator is compared too: many servers
     * don't know {@code If-Range} and send a part of a file that has changed.
     */
    public boolean goesOnWith(Response response) {
        ContentRange range = ContentRange.of(response);
        String current = response.header(validator.startsWith("\"") ? "ETag" : "Last-Modified");
        boolean sameVersion = current == null || validator.equals(current);
        boolean sameLength = range != null && (total < 0 || total == range.total());
        boolean sameCodings = codings.equals(ContentCoding.names(response.list("Content-Encoding")));
        return range != null && range.isRestAfter(bytes) && sameLength && sameVersion && sameCodings;
    }

    /** Removes the file. */
    public void discard() {
        target.discard();
    }
}
