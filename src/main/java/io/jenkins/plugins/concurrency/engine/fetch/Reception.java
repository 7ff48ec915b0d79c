package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult.Retry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.apache.hc.core5.http.ConnectionClosedException;

/**
 * The taking in of one response: of a redirect, of an unwanted status, or of what was asked for. Used by one thread at
 * a time.
 */
final class Reception {

    private static final Set<Integer> WORTH_RETRYING = Set.of(408, 425, 429, 500, 502, 503, 504);

    private enum Kind {
        REDIRECT,
        UNWANTED,
        WANTED
    }

    private final FetchPlan plan;
    private final Response response;
    private final Kind kind;
    private final BodySink sink;

    /** {@code null} where the body comes as it is. */
    @CheckForNull
    private final Inflation inflation;

    /** Bytes of the body as it came. */
    private long received;

    /**
     * Gets ready for the body.
     *
     * @throws TooLargeException if it is announced to be larger than it may be
     * @throws CodingException if it is packed in a way that we don't know
     * @throws LocalFileException if its file can't be written
     */
    Reception(@NonNull FetchPlan plan, @NonNull FetchSettings settings, @NonNull Response response) throws IOException {
        this.plan = plan;
        this.response = response;
        if (settings.redirects().follow() && Hop.isRedirect(response.status())) {
            kind = Kind.REDIRECT;
            sink = new HeadSink(response.charset(), 0);
            inflation = null;
        } else if (!plan.validStatus().contains(response.status())) {
            kind = Kind.UNWANTED;
            sink = new HeadSink(response.charset(), HeadSink.SHOWN);
            inflation = unpackedIfPossible(plan, response);
        } else {
            kind = Kind.WANTED;
            ContentCoding coding = coding(plan, response);
            sink = sinkOfWanted(plan, settings.storage(), response, coding == null ? response.length() : -1);
            inflation = coding == null ? null : coding.newInflation();
        }
    }

    boolean isRedirect() {
        return kind == Kind.REDIRECT;
    }

    @NonNull
    Response response() {
        return response;
    }

    /**
     * Takes more of the body.
     *
     * @return false if what is still to come does not matter
     * @throws TooLargeException if it is more than it may be
     * @throws LocalFileException if its file can't be written
     */
    boolean write(@NonNull ByteBuffer bytes) throws IOException {
        received += bytes.remaining();
        if (inflation == null) {
            return store(bytes);
        }
        try {
            return inflation.write(bytes, this::store);
        } catch (CodingException e) {
            if (kind == Kind.WANTED) {
                throw e;
            }
            return false; // of an error page less is shown then
        }
    }

    private boolean store(ByteBuffer content) throws IOException {
        boolean fits = content.remaining() <= sink.limit() - sink.bytes();
        if (kind == Kind.WANTED && !fits) {
            throw tooLarge(plan, sink.limit());
        }
        sink.write(content);
        return fits;
    }

    /** For example {@code after 512 of 1024 bytes}. */
    @NonNull
    String progress() {
        String announced = response.length() < 0 ? "" : " of " + response.length();
        return "after " + received + announced + " bytes";
    }

    void discard() {
        closeInflation();
        sink.discard();
    }

    private void closeInflation() {
        if (inflation != null) {
            inflation.close();
        }
    }

    /**
     * Looks whether the body is whole, now that no more comes.
     *
     * @throws IOException if more was announced
     */
    void end() throws IOException {
        if (kind == Kind.WANTED && received < response.length()) {
            throw new ConnectionClosedException();
        }
        if (kind == Kind.WANTED && inflation != null) {
            inflation.end();
        }
    }

    /** What came of it, now that the whole body is there. */
    @NonNull
    AttemptResult result() {
        closeInflation();
        Map<String, Object> details = response.details();
        try {
            if (kind != Kind.WANTED) {
                sink.commit(details);
                return new AttemptResult.Failed(
                        new BranchError(ErrorType.STATUS, response.statusLine()), retry(), details);
            }
            if (plan.sha256() != null && !plan.sha256().equals(sink.sha256())) {
                sink.discard();
                String message = "the body's SHA-256 is " + sink.sha256() + ", not " + plan.sha256();
                return new AttemptResult.Failed(
                        new BranchError(ErrorType.CHECKSUM, message), Retry.SENSIBLE, details);
            }
            sink.commit(details);
            return new AttemptResult.Succeeded(details);
        } catch (IOException e) {
            sink.discard();
            return new AttemptResult.Failed(
                    new BranchError(ErrorType.ERROR, e.getMessage()), Retry.SENSIBLE, details);
        }
    }

    private Retry retry() {
        if (!WORTH_RETRYING.contains(response.status())) {
            return Retry.NEVER;
        }
        return Retry.after(RetryAfter.parse(response.header("Retry-After"), Instant.now()));
    }

    private static ContentCoding coding(FetchPlan plan, Response response) throws CodingException {
        return plan.unpacked() && response.hasBody() ? ContentCoding.of(response.header("Content-Encoding")) : null;
    }

    private static Inflation unpackedIfPossible(FetchPlan plan, Response response) {
        try {
            ContentCoding coding = coding(plan, response);
            return coding == null ? null : coding.newInflation();
        } catch (CodingException e) {
            return null;
        }
    }

    /** @param expected the length of the content; negative if nothing is known */
    private static BodySink sinkOfWanted(FetchPlan plan, BodyStorage storage, Response response, long expected)
            throws IOException {
        long limit = storage.maxBytes() == 0 ? Long.MAX_VALUE : storage.maxBytes();
        if (plan.target() == null) {
            limit = Math.min(limit, BodyStorage.MAX_TEXT);
        }
        if (expected > limit) {
            throw tooLarge(plan, limit);
        }
        if (plan.target() == null || !response.hasBody()) {
            return new TextSink(response.charset(), expected, (int) Math.min(limit, BodyStorage.MAX_TEXT));
        }
        return new FileSink(plan.target(), limit);
    }

    private static TooLargeException tooLarge(FetchPlan plan, long limit) {
        boolean text = plan.target() == null && limit == BodyStorage.MAX_TEXT;
        return new TooLargeException(
                limit, text ? "store it with 'toDir' or 'file'" : "give 'maxBytes' a higher value to allow it");
    }
}
