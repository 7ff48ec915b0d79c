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

    /** How many times as large a compressed body may become if there is no other limit. */
    private static final int MAX_EXPANSION = 100;

    /** In bytes; as long as what is unpacked is less, it may be packed as well as anybody can. */
    static final long HARMLESS_SIZE = 64L * 1024 * 1024;

    private enum Kind {
        REDIRECT,
        /** What is there already is what was asked for. */
        UNCHANGED,
        UNWANTED,
        WANTED
    }

    private final FetchPlan plan;
    private final FetchSettings settings;
    private final Response response;
    private final Kind kind;
    private final BodySink sink;

    /** {@code null} where the body comes as it is. */
    @CheckForNull
    private final BodyDecoder unpacking;

    /** What was there before; {@code null} where the body comes from its start. */
    @CheckForNull
    private final PartialFile beginning;

    /** Bytes of the body as it came. */
    private long received;

    /** How many of them there have to be; negative if that is unknown. */
    private final long length;

    /** Whether the body has come to a regular end that was too early: the server's word is worth nothing then. */
    private boolean endedEarly;

    /**
     * Gets ready for the body.
     *
     * @param memory for a body that comes back as text
     * @param offered what is there already, if the response goes on with it
     * @throws BodySink.TooLargeException if it is announced to be larger than it may be
     * @throws ContentCodingException if it is packed in a way that we don't know
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

    /** Whether the body is what was asked for. */
    boolean isWanted() {
        return kind == Kind.WANTED;
    }

    /** Whether it goes on with nothing that was there before. */
    boolean isFromStart() {
        return beginning == null;
    }

    /** Whether its status has decided the attempt; the body is shown to people, as far as it comes. */
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
     * Takes more of the body.
     *
     * @return false if what is still to come does not matter
     * @throws BodySink.TooLargeException if it is more than it may be
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
            return false; // of an error page less is shown then
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

    /** For example {@code after 512 of 1024 bytes}. */
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
     * Looks whether the body is whole, now that no more comes.
     *
     * @throws IOException if more was announced
     */
    void end() throws IOException {
        if (kind == Kind.WANTED && received < length) {
            endedEarly = true;
            throw new ConnectionClosedException();
        }
        if (kind == Kind.WANTED && unpacking != null) {
            unpacking.end();
        }
    }

    /** What came of it, now that the whole body is there. */
    AttemptResult result() {
        closeUnpacking();
        Map<String, Object> details = response.details();
        try {
            if (kind == Kind.UNCHANGED) {
                return kept(details);
            }
            if (kind != Kind.WANTED) {
                sink.commit(details);
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
                details.put(OutcomeDetail.STATUS, OK); // which the whole has
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

    /** The body that is searched: the whole text, or as much of the file as a text could have. */
    String text() throws IOException {
        byte[] start = sink.start(settings.storage().maxText());
        return BodyCharset.decode(start, start.length, response.charset());
    }

    /**
     * Searches a body that has to match. Takes its time.
     *
     * @param needless whether nobody waits for it any more
     * @return {@code null} if it matches
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
        details.put(OutcomeDetail.BODY, text.substring(0, Math.min(text.length(), TextStartSink.SHOWN)));
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
     * Leaves what has arrived to a later attempt.
     *
     * @return {@code null} if nothing of it can be used; it then has to be discarded
     */
    @CheckForNull
    PartialFile suspend() {
        boolean begun = kind == Kind.WANTED && (response.status() == OK || beginning != null);
        if (!begun || endedEarly || unpacking != null || !plan.isResumable() || !(sink instanceof FileSink file)) {
            return null;
        }
        List<String> codings = ContentCoding.names(response.list("Content-Encoding"));
        if (length < 0 && !codings.isEmpty()) {
            return null; // packed as it was sent: a part of it would be a part of something else
        }
        String validator = beginning == null ? PartialFile.validatorOf(response) : beginning.validator();
        return validator == null ? null : file.suspend(length < 0 ? -1 : start() + length, validator, codings);
    }

    /** @param expected the length of the content; negative if nothing is known */
    private static BodySink sinkOfWanted(
            FetchPlan plan, BodyStorage storage, Response response, long expected, TextBudget.Share memory)
            throws IOException {
        long limit = limitOfFile(storage);
        if (plan.target() == null) {
            limit = Math.min(limit, storage.maxText());
        }
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
