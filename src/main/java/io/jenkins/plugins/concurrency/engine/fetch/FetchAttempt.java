package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.body.TextMemory;
import io.jenkins.plugins.concurrency.engine.fetch.body.TooLargeException;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Connection;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Network;
import io.jenkins.plugins.concurrency.engine.fetch.http.FetchUrl;
import io.jenkins.plugins.concurrency.engine.fetch.http.HeaderText;
import io.jenkins.plugins.concurrency.engine.fetch.http.MessageText;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestSpec;
import io.jenkins.plugins.concurrency.engine.fetch.http.Response;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult.Retry;
import io.jenkins.plugins.concurrency.engine.schedule.GroupPace;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.H2StreamResetException;

/**
 * One attempt of a branch: an exchange, and one more for each redirect. Events of exchanges come from I/O threads, an
 * abort from any thread. A lock serializes them; it is not held during calls that may start new work.
 */
final class FetchAttempt implements Attempt, Exchange.Listener {

    /** How often a request is sent once more on another connection without any sign of life of the server. */
    private static final int MAX_REPEATS = 3;

    private final HttpReactor reactor;
    private final Network network;
    private final FetchSettings settings;
    private final TextMemory.Share textMemory;
    private final GroupPace pace;
    private final FetchPlan plan;
    private final ResumeState resumption;
    private final CompletableFuture<AttemptResult> result = new CompletableFuture<>();
    private final RedirectCookies cookies = new RedirectCookies();
    private final Object lock = new Object();

    // Guarded by lock.
    private Exchange exchange;
    private ResponseHandler reception;

    /** The request under way as it would be without the cookies of redirects. */
    private RequestSpec withoutCookies;

    private int redirects;
    private int repeats;
    private Future<?> waiting;
    private boolean ended;

    FetchAttempt(
            HttpReactor reactor,
            Network network,
            FetchSettings settings,
            TextMemory.Share textMemory,
            @CheckForNull GroupPace pace,
            FetchPlan plan,
            ResumeState resumption) {
        this.resumption = resumption;
        this.pace = pace;
        this.reactor = reactor;
        this.network = network;
        this.settings = settings;
        this.textMemory = textMemory;
        this.plan = plan;
    }

    FetchAttempt start() {
        withoutCookies = resumption.first();
        issue(withoutCookies, false);
        return this;
    }

    @Override
    public CompletionStage<AttemptResult> result() {
        return result;
    }

    @Override
    public void abort() {
        Exchange aborted;
        Future<?> unneeded;
        synchronized (lock) {
            if (ended) {
                return;
            }
            aborted = exchange;
            unneeded = waiting;
            endNow(true);
        }
        if (aborted != null) {
            aborted.abort();
        }
        if (unneeded != null) {
            unneeded.cancel(false);
        }
        result.complete(AttemptResult.failed(ErrorType.CANCELLED, "aborted"));
    }

    @Override
    public void responded(Exchange from, HttpResponse head, EntityDetails entity) throws IOException {
        synchronized (lock) {
            if (isCurrent(from)) {
                Response response = Response.of(from.hop(), from.connection().proxyName(), head, entity);
                reception = resumption.receive(settings, response, textMemory);
            }
        }
    }

    @Override
    public boolean hasRoom(Exchange from, Runnable later) {
        synchronized (lock) {
            return !isCurrent(from) || reception.hasRoom(later);
        }
    }

    @Override
    public boolean received(Exchange from, ByteBuffer bytes) throws IOException {
        synchronized (lock) {
            return !isCurrent(from) || reception.write(bytes);
        }
    }

    @Override
    public void completed(Exchange from) {
        RequestSpec next = null;
        AttemptResult end = null;
        synchronized (lock) {
            if (!isCurrent(from)) {
                return;
            }
            try {
                reception.end();
                ResponseHandler whole = reception;
                reception = null;
                next = whole.isRedirect() ? follow(from.hop(), whole.response()) : null;
                end = next == null ? whole.result() : null;
            } catch (RedirectException e) {
                end = e.result();
            } catch (IOException e) {
                end = failure(from, e);
            }
            if (end != null) {
                endNow(isSensible(end));
            }
        }
        if (end != null) {
            result.complete(end);
        } else {
            issueAfter(pause(next), next);
        }
    }

    @Override
    public void failed(Exchange from, Exception told) {
        Exception cause = reason(from, told);
        boolean again;
        AttemptResult failure = null;
        synchronized (lock) {
            if (!isCurrent(from)) {
                return;
            }
            again = mayBeSentAgain(from, cause);
            if (again && reception != null) {
                reception.discard();
                reception = null;
            }
            withoutCookies = cause instanceof ResumeState.RestartException ? plan.first() : withoutCookies;
            if (!again && !(cause instanceof ResumeState.RestartException)) {
                boolean decided = reception != null && reception.isUnwanted() && !(cause instanceof IdleTimeoutException);
                failure = decided ? reception.result() : failure(from, cause);
                endNow(isSensible(failure));
            }
        }
        if (cause instanceof ResumeState.RestartException) {
            issueAfter(pause(plan.first()), plan.first());
        } else if (again) {
            issue(from.hop(), true);
        } else {
            result.complete(failure);
        }
    }

    /** How long the pace wants a further request of the attempt to wait. */
    private Duration pause(RequestSpec next) {
        return pace == null ? Duration.ZERO : pace.reserve(next.url().origin().toString());
    }

    private static boolean isSensible(AttemptResult end) {
        return end instanceof AttemptResult.Failed failed && failed.retry().sensible();
    }

    private void issueAfter(Duration pause, RequestSpec hop) {
        if (pause.isZero()) {
            issue(hop, false);
            return;
        }
        synchronized (lock) {
            exchange = null;
            waiting = ended ? null : reactor.io().after(pause, () -> issue(hop, false));
        }
    }

    private void issue(RequestSpec hop, boolean fresh) {
        Exchange next;
        synchronized (lock) {
            if (ended) {
                return;
            }
            next = new Exchange(network, reactor.stalls(), hop, settings.timeouts(), this);
            exchange = next;
            waiting = null;
        }
        next.start(fresh);
    }

    /** Whether the request was not processed, so that sending it again is no repetition. Guarded by lock. */
    private boolean mayBeSentAgain(Exchange from, Exception cause) {
        boolean left = cause instanceof RequestNotExecutedException;
        boolean refused = left || isReset(cause, H2Error.REFUSED_STREAM);
        if (isReset(cause, H2Error.HTTP_1_1_REQUIRED)) {
            network.speakPlain(from.hop().route());
            refused = true;
        }
        boolean anothers = cause instanceof NetworkFailure.SharedFaultException;
        boolean harmless = refused
                || isEnd(cause) && from.mayBeStaleConnection()
                || from.mayBeSurplus(cause)
                || anothers && isRepeatable(from)
                || cause instanceof RuntimeException && from.phase() == Exchange.Phase.WAITING && isRepeatable(from);
        if (!harmless) {
            return false;
        }
        if (anothers) {
            return true; // the other one fails, so that this comes to an end
        }
        // a closing connection takes no more, and each one served a request: so this ends
        Connection connection = from.connection();
        boolean gotOn = left && connection != null && connection.hasServed();
        return gotOn || repeats++ < MAX_REPEATS;
    }

    /** Whether the whole request can be sent again, whatever its result was. Guarded by lock. */
    private boolean isRepeatable(Exchange from) {
        return from.hop().isIdempotent() && (reception == null || reception.isFromStart());
    }

    /**
     * What broke the connection, where all that an exchange hears is that it is closed. Newer versions of HttpCore tell each
     * exchange what broke it, whosever message that was.
     */
    private static Exception reason(Exchange from, Exception told) {
        Exception breach = from.connection() == null ? null : from.connection().breach();
        boolean closed = told instanceof ConnectionClosedException && !(told instanceof RequestNotExecutedException);
        if (breach == null || !closed && told != breach) {
            return told;
        }
        return isEnd(breach) || !from.isFailedByAnother() ? breach : new NetworkFailure.SharedFaultException(breach);
    }

    private static boolean isEnd(Exception cause) {
        return cause instanceof ConnectionClosedException
                || cause instanceof SocketException
                || cause instanceof ClosedChannelException
                || cause.getClass() == SSLException.class // an end without a farewell
                || cause.getClass() == IOException.class; // which the JVM's channels throw for a reset
    }

    private static boolean isReset(Exception cause, H2Error error) {
        return cause instanceof H2StreamResetException reset && reset.getCode() == error.getCode();
    }

    /** Guarded by lock. */
    private boolean isCurrent(Exchange from) {
        return !ended && exchange == from;
    }

    /** Guarded by lock. */
    private void endNow(boolean anotherMakesSense) {
        ended = true;
        exchange = null;
        resumption.end(reception, anotherMakesSense);
        reception = null;
    }

    /** Guarded by lock. */
    private RequestSpec follow(RequestSpec from, Response redirect) throws RedirectException {
        String location = redirect.header("Location");
        if (location == null) {
            throw new RedirectException(redirect, redirect.statusLine() + " without a Location");
        }
        FetchUrl url;
        try {
            url = from.url().resolve(HeaderText.reference(location));
        } catch (IllegalArgumentException e) {
            String origin = MessageText.line(from.url().toString());
            throw new RedirectException(redirect, "redirect from " + origin + ": " + e.getMessage());
        }
        if (redirects == settings.redirects().limit()) {
            throw new RedirectException(
                    redirect,
                    "stopped after " + redirects + " redirects, the next one to " + MessageText.line(url.toString()));
        }
        if (from.url().isSecure() && !url.isSecure()) {
            throw new RedirectException(redirect, "redirect from https to " + MessageText.line(url.toString())
                    + " refused: it would leave the encrypted connection");
        }
        redirects++;
        cookies.take(redirect);
        withoutCookies = plan.redirected(withoutCookies.redirected(redirect.status(), url));
        return cookies.addTo(withoutCookies);
    }

    /** Guarded by lock. */
    private AttemptResult failure(Exchange from, Exception cause) {
        FetchUrl url = from.hop().url();
        Map<String, Object> details =
                reception == null ? Map.of(OutcomeDetail.URL, url.toString()) : reception.response().details();
        if (cause instanceof TooLargeException) {
            return new AttemptResult.Failed(
                    new BranchError(ErrorType.TOO_LARGE, cause.getMessage()), Retry.NEVER, details);
        }
        NetworkFailure failure = new NetworkFailure(
                url,
                from.connection() == null ? null : from.connection().proxyName(),
                from.hop().identity(),
                from.phase(),
                progress(from),
                settings.timeouts());
        AttemptResult.Failed failed = failure.of(cause);
        return new AttemptResult.Failed(failed.error(), failed.retry(), details);
    }

    /** Guarded by lock. */
    private String progress(Exchange from) {
        if (reception != null) {
            return reception.progress();
        }
        return from.phase() == Exchange.Phase.WAITING ? "before the response" : "within the head of the response";
    }
}
