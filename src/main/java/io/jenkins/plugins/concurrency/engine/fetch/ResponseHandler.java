package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.body.BodyDecoder;
import io.jenkins.plugins.concurrency.engine.fetch.body.BodySink;
import io.jenkins.plugins.concurrency.engine.fetch.body.ContentCoding;
import io.jenkins.plugins.concurrency.engine.fetch.body.ContentCodingException;
import io.jenkins.plugins.concurrency.engine.fetch.body.FileSink;
import io.jenkins.plugins.concurrency.engine.fetch.body.PartialFile;
import io.jenkins.plugins.concurrency.engine.fetch.body.TextBudget;
import io.jenkins.plugins.concurrency.engine.fetch.body.TextSink;
import io.jenkins.plugins.concurrency.engine.fetch.body.TextStartSink;
import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.fetch.file.OnExisting;
import io.jenkins.plugins.concurrency.engine.fetch.file.StoredValidators;
import io.jenkins.plugins.concurrency.engine.fetch.http.BodyCharset;
import io.jenkins.plugins.concurrency.engine.fetch.http.BodyPattern;
import io.jenkins.plugins.concurrency.engine.fetch.http.ContentRange;
import io.jenkins.plugins.concurrency.engine.fetch.http.LocalFileException;
import io.jenkins.plugins.concurrency.engine.fetch.http.MessageText;
import io.jenkins.plugins.concurrency.engine.fetch.http.Response;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult.Retry;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.hc.core5.http.ConnectionClosedException;

/** Receives one response: a redirect, an unwanted status, or the wanted body. Used by one thread at a time. */
final class ResponseHandler {

    private static final int NOT_MODIFIED = 304;
    private static final int PARTIAL_CONTENT = 206;
    private static final int OK = 200;

    /** The limit of a compressed body if there is no other limit: so many times its compressed size. */
    private static final int MAX_EXPANSION = 100;

    /** In bytes. A decompressed body below this size may be of any compression ratio. */
    static final long HARMLESS_SIZE = 64L * 1024 * 1024;

    private enum Kind {
        REDIRECT,
        /** The file that is there is still the one that was asked for. */
        UNCHANGED,
        UNWANTED,
        WANTED
    }

    private final FetchPlan plan;
    private final FetchSettings settings;
    private final Response response;
    private final Kind kind;
    private final BodySink sink;

    /** {@code null} if the body is not decompressed. */
    @CheckForNull
    private final BodyDecoder unpacking;

    /** The part from an earlier attempt; {@code null} if the body comes from its start. */
    @CheckForNull
    private final PartialFile beginning;

    /** Received bytes of the body, before decompression. */
    private long received;

    /** How many bytes of the body must be received; negative if unknown. */
    private final long length;

    /** Whether the body had a regular end. If that was too early, what the server says is not trusted. */
    private boolean ended;

    /**
     * Prepares for the body.
     *
     * @param memory for a body that is returned as text
     * @param offered the part that is there already, if the response continues it
     * @throws BodySink.TooLargeException if its announced length is above the limit
     * @throws ContentCodingException if its content coding is unknown
     * @throws LocalFileException if its file can't be written
     */
    ResponseHandler(
            FetchPlan plan,
            FetchSettings settings,
            Response response,
            TextBudget.Share memory,
            @CheckForNull PartialFile offered)
            throws IOException {
        this.plan = plan;
        this.settings = settings;
        this.response = response;
        this.beginning = response.status() == PARTIAL_CONTENT ? offered : null;
        this.length = beginning == null ? response.length() : lengthOfRest();
        if (beginning != null) {
            kind = Kind.WANTED;
            sink = new FileSink(beginning, limitOfFile(settings.storage()));
            unpacking = null;
        } else if (response.status() == NOT_MODIFIED && plan.known() != null) {
            kind = Kind.UNCHANGED;
            sink = new TextStartSink(response.charset(), 0);
            unpacking = null;
        } else if (RedirectPolicy.isFollowed(settings.redirects(), response.status())) {
            kind = Kind.REDIRECT;
            sink = new TextStartSink(response.charset(), 0);
            unpacking = null;
        } else if (!plan.validStatus().contains(response.status())) {
            kind = Kind.UNWANTED;
            sink = new TextStartSink(response.charset(), TextStartSink.SHOWN);
            unpacking = plan.decoderIfPossible(response);
        } else {
            kind = Kind.WANTED;
            unpacking = plan.decoder(response, plan.target() != null);
            sink = sinkOfWanted(plan, settings.storage(), response, unpacking == null ? response.length() : -1, memory);
        }
    }

    private long lengthOfRest() {
        ContentRange range = ContentRange.of(response);
        return range == null ? response.length() : range.total() - start();
    }

    /** Whether this is the body that was asked for. */
    boolean isWanted() {
        return kind == Kind.WANTED;
    }

    /** Whether the body comes from its start and does not continue an earlier part. */
    boolean isFromStart() {
        return beginning == null;
    }

    /** Whether the status makes the attempt fail. The received part of the body is then shown to users. */
    boolean isUnwanted() {
        return kind == Kind.UNWANTED;
    }

    boolean isRedirect() {
        return kind == Kind.REDIRECT;
    }

    Response response() {
        return response;
    }

    /** As {@link BodySink#hasRoom}. */
    boolean hasRoom(Runnable later) {
        return sink.hasRoom(later);
    }

    /**
     * Takes the next part of the body.
     *
     * @return false if the rest is not needed
     * @throws BodySink.TooLargeException if the body is above its limit
     * @throws LocalFileException if its file can't be written
     */
    boolean write(ByteBuffer bytes) throws IOException {
        if (length >= 0 && received + bytes.remaining() > length) {
            throw new ProtocolException("a body with more than the " + length + " bytes that it announced");
        }
        received += bytes.remaining();
        if (unpacking == null) {
            return store(bytes);
        }
        try {
            return unpacking.write(bytes, this::store);
        } catch (ContentCodingException e) {
            if (kind == Kind.WANTED) {
                throw e;
            }
            return false; // less of the error page is shown then
        }
    }

    private boolean store(ByteBuffer content) throws IOException {
        boolean fits = content.remaining() <= sink.limit() - sink.bytes();
        if (kind == Kind.WANTED && !fits) {
            throw tooLarge(plan, settings.storage(), sink.limit());
        }
        long unpacked = sink.bytes() + content.remaining();
        boolean bomb = unpacked > HARMLESS_SIZE && unpacked / MAX_EXPANSION > received;
        if (unpacking != null && bomb && settings.storage().maxBytes() == 0) {
            throw tooLarge(plan, settings.storage(), Math.max(HARMLESS_SIZE, MAX_EXPANSION * received));
        }
        sink.write(content);
        return fits;
    }

    /** The progress as text, for example {@code after 512 of 1024 bytes}. */
    String progress() {
        String announced = length < 0 ? "" : " of " + (start() + length);
        return "after " + (start() + received) + announced + " bytes";
    }

    void discard() {
        closeUnpacking();
        sink.discard();
    }

    private void closeUnpacking() {
        if (unpacking != null) {
            unpacking.close();
        }
    }

    /**
     * Called when no more of the body comes. Checks that the body is complete.
     *
     * @throws IOException if more was announced
     */
    void end() throws IOException {
        ended = true;
        if (kind == Kind.WANTED && received < length) {
            throw new ConnectionClosedException();
        }
        if (kind == Kind.WANTED && unpacking != null) {
            unpacking.end();
        }
    }

    /** The result of the attempt. Called when the body is complete. */
    AttemptResult result() {
        closeUnpacking();
        Map<String, Object> details = response.details();
        try {
            if (kind == Kind.UNCHANGED) {
                return kept(details);
            }
            if (kind != Kind.WANTED) {
                sink.commit(details);
                if (isUnwanted()) {
                    boolean whole = ended && received >= length && sink.bytes() <= TextStartSink.SHOWN;
                    details.computeIfPresent(OutcomeDetail.BODY, (name, text) -> TextStartSink.shown(text.toString(), whole));
                }
                return new AttemptResult.Failed(
                        new BranchError(ErrorType.STATUS, response.problem(details.getOrDefault(OutcomeDetail.BODY, ""))),
                        RetryRules.afterStatus(response),
                        details);
            }
            if (plan.sha256() != null && !plan.sha256().equals(sink.sha256())) {
                sink.discard();
                String message = "the body's SHA-256 is " + sink.sha256() + ", not " + plan.sha256();
                return new AttemptResult.Failed(new BranchError(ErrorType.CHECKSUM, message), Retry.SENSIBLE, details);
            }
            sink.commit(details);
            if (beginning != null) {
                details.put(OutcomeDetail.STATUS, OK); // the status of the whole file
            }
            if (settings.storage().onExisting() == OnExisting.REVALIDATE && sink instanceof FileSink) {
                StoredValidators.write(plan.target(), plan.first(), response, sink.sha256());
            }
            return new AttemptResult.Succeeded(details);
        } catch (IOException e) {
            sink.discard();
            return new AttemptResult.Failed(new BranchError(ErrorType.ERROR, e.getMessage()), Retry.SENSIBLE, details);
        }
    }

    /** The text to search in: the whole text, or the start of the file up to the limit for texts. */
    String text() throws IOException {
        byte[] start = sink.start(settings.storage().maxText());
        return BodyCharset.decode(start, start.length, response.charset());
    }

    /**
     * Searches the body for what it must contain. May take long.
     *
     * @param needless whether nobody waits for the result any more
     * @return {@code null} if the body matches
     */
    @CheckForNull
    AttemptResult mismatch(String text, BooleanSupplier needless) {
        String message;
        Retry retry = Retry.SENSIBLE;
        try {
            if (plan.validBody().isIn(text, needless)) {
                return null;
            }
            String where = sink.bytes() > settings.storage().maxText() ? "beginning of the body" : "body";
            message = "nothing in the " + where + " matches '" + MessageText.line(plan.validBody().toString()) + "'";
        } catch (BodyPattern.UndecidedException e) {
            message = e.getMessage();
            retry = Retry.NEVER;
        }
        Map<String, Object> details = response.details();
        details.put(OutcomeDetail.BODY, TextStartSink.shown(text, sink.bytes() <= settings.storage().maxText()));
        return new AttemptResult.Failed(new BranchError(ErrorType.CONTENT, message), retry, details);
    }

    private AttemptResult kept(Map<String, Object> details) {
        details.put(OutcomeDetail.BYTES, plan.known().size());
        details.put(OutcomeDetail.SHA256, plan.known().sha256());
        details.put(OutcomeDetail.PATH, plan.target().name());
        details.put(OutcomeDetail.KEPT, true);
        return new AttemptResult.Succeeded(details);
    }

    /**
     * Keeps the received part for a later attempt.
     *
     * @return {@code null} if the part can't be used; the caller then has to discard it
     */
    @CheckForNull
    PartialFile suspend() {
        boolean begun = kind == Kind.WANTED && (response.status() == OK || beginning != null);
        if (!begun || ended && received < length || unpacking != null || !plan.isResumable() || !(sink instanceof FileSink file)) {
            return null;
        }
        List<String> codings = ContentCoding.names(response.list("Content-Encoding"));
        if (length < 0 && !codings.isEmpty()) {
            return null; // compressed while it was sent: the next response may have other bytes
        }
        String validator = beginning == null ? PartialFile.validatorOf(response) : beginning.validator();
        return validator == null ? null : file.suspend(length < 0 ? -1 : start() + length, validator, codings);
    }

    /** @param expected the length of the content; negative if unknown */
    private static BodySink sinkOfWanted(
            FetchPlan plan, BodyStorage storage, Response response, long expected, TextBudget.Share memory)
            throws IOException {
        long limit = plan.target() == null ? Math.min(limitOfFile(storage), storage.maxText()) : limitOfFile(storage);
        if (expected > limit) {
            throw tooLarge(plan, storage, limit);
        }
        if (plan.target() == null || !response.hasBody()) {
            return new TextSink(response.charset(), expected, (int) Math.min(limit, storage.maxText()), memory);
        }
        return new FileSink(plan.target(), limit);
    }

    private long start() {
        return beginning == null ? 0 : beginning.bytes();
    }

    private static long limitOfFile(BodyStorage storage) {
        return storage.maxBytes() == 0 ? Long.MAX_VALUE : storage.maxBytes();
    }

    private static BodySink.TooLargeException tooLarge(FetchPlan plan, BodyStorage storage, long limit) {
        boolean text = plan.target() == null && limit == storage.maxText();
        return new BodySink.TooLargeException(
                limit, text ? "store it with 'toDir' or 'file'" : "give 'maxBytes' a higher value to allow it");
    }
}
