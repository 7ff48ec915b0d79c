package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.body.BodyDecoder;
import io.jenkins.plugins.concurrency.engine.fetch.body.ContentCoding;
import io.jenkins.plugins.concurrency.engine.fetch.body.ContentCodingException;
import io.jenkins.plugins.concurrency.engine.fetch.file.StoredValidators;
import io.jenkins.plugins.concurrency.engine.fetch.file.TargetFile;
import io.jenkins.plugins.concurrency.engine.fetch.http.BodyPattern;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestSpec;
import io.jenkins.plugins.concurrency.engine.fetch.http.Response;
import io.jenkins.plugins.concurrency.engine.fetch.http.StatusRanges;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.List;

/**
 * A branch that has been checked: what to send, and what to do with the response.
 *
 * @param first the first request
 * @param validBody what the body must contain; {@code null} for anything
 * @param target where the body is saved; {@code null} to return it as text
 * @param known validators of the existing file, if the server is asked whether it has changed
 * @param unpacked whether a compressed body is decompressed
 * @param sha256 the expected hash of the body, lower case; {@code null} for anything
 */
record FetchPlan(
        RequestSpec first,
        StatusRanges validStatus,
        @CheckForNull BodyPattern validBody,
        @CheckForNull TargetFile target,
        @CheckForNull StoredValidators known,
        boolean unpacked,
        @CheckForNull String sha256) {

    private static final int PARTIAL_CONTENT = 206;

    /** Whether the target file exists already. */
    boolean hasFile() {
        return target != null && Files.isRegularFile(target.path(), LinkOption.NOFOLLOW_LINKS);
    }

    /** Whether a later attempt can continue an incomplete body. */
    boolean isResumable() {
        return target != null && first.method().equals("GET") && !first.hasHeader("Range");
    }

    /**
     * The decoder that decompresses the body of a response.
     *
     * @param toFile whether the body is saved as a file. A file that is compressed itself, such as a {@code .tgz},
     *     stays so
     * @return {@code null} if the body is not decompressed
     */
    @CheckForNull
    BodyDecoder decoder(Response response, boolean toFile) throws ContentCodingException {
        if (!unpacked || !response.hasBody() || response.status() == PARTIAL_CONTENT) {
            return null;
        }
        List<ContentCoding> codings = ContentCoding.of(
                response.list("Content-Encoding"), coding -> toFile && isOfContent(coding, response));
        return codings.isEmpty() ? null : new BodyDecoder(codings);
    }

    /** Whether the file itself is compressed. Servers use the same header for this and for compression in transfer. */
    private boolean isOfContent(String coding, Response response) {
        return ContentCoding.isOfName(coding, response.url().lastSegment())
                || target != null && ContentCoding.isOfName(coding, target.name())
                || ContentCoding.isOfType(coding, response.header("Content-Type"));
    }

    /** Like {@link #decoder}, but {@code null} also if the body can't be decompressed. It is then shown as it came. */
    @CheckForNull
    BodyDecoder decoderIfPossible(Response response) {
        try {
            return decoder(response, false);
        } catch (ContentCodingException e) {
            return null;
        }
    }
}
