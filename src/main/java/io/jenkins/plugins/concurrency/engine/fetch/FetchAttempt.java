package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.Detail;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult.Retry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.util.Timeout;

/**
 * One attempt of a branch: an exchange, and one more for each redirect. Events of exchanges come from I/O threads, an
 * abort from any; the lock makes them take turns, and is not held while others are called who may start new work.
 */
final class FetchAttempt implements Attempt, Exchange.Listener {

    private final HttpReactor reactor;
    private final FetchSettings settings;
    private final FetchPlan plan;
    private final CompletableFuture<AttemptResult> result = new CompletableFuture<>();
    private final Object lock = new Object();

    // Guarded by lock.
    private Exchange exchange;
    private Reception reception;
    private int redirects;
    private boolean ended;

    FetchAttempt(@NonNull HttpReactor reactor, @NonNull FetchSettings settings, @NonNull FetchPlan plan) {
        this.reactor = reactor;
        this.settings = settings;
        this.plan = plan;
    }

    @NonNull
    FetchAttempt start() {
        issue(plan.first(), false);
        return this;
    }

    @Override
    public CompletionStage<AttemptResult> result() {
        return result;
    }

    @Override
    public void abort() {
        Exchange aborted;
        synchronized (lock) {
            if (ended) {
                return;
            }
            aborted = exchange;
            endNow();
        }
        aborted.abort();
        result.complete(AttemptResult.failed(ErrorType.CANCELLED, "aborted"));
    }

    @Override
    public void responded(Exchange from, HttpResponse head, EntityDetails entity) throws IOException {
        synchronized (lock) {
            if (isCurrent(from)) {
                reception = new Reception(plan, settings, Response.of(from.hop().url(), head, entity));
            }
        }
    }

    @Override
    public void received(Exchange from, ByteBuffer bytes) throws IOException {
        boolean enough;
        synchronized (lock) {
            if (!isCurrent(from)) {
                bytes.position(bytes.limit());
                return;
            }
            enough = !reception.write(bytes);
        }
        if (enough) {
            from.abort();
            completed(from);
        }
    }

    @Override
    public void completed(Exchange from) {
        Hop next = null;
        AttemptResult end = null;
        synchronized (lock) {
            if (!isCurrent(from)) {
                return;
            }
            Reception whole = reception;
            reception = null;
            try {
                next = whole.isRedirect() ? follow(from.hop(), whole.response()) : null;
                end = next == null ? whole.result() : null;
            } catch (RefusedRedirect e) {
                end = e.result(whole.response());
            }
            if (end != null) {
                endNow();
            }
        }
        if (end != null) {
            result.complete(end);
        } else {
            issue(next, false);
        }
    }

    @Override
    public void failed(Exchange from, Exception cause) {
        boolean again = from.mayBeStaleConnection();
        AttemptResult failure = null;
        synchronized (lock) {
            if (!isCurrent(from)) {
                return;
            }
            if (!again) {
                failure = failure(from, cause);
                endNow();
            }
        }
        if (again) {
            issue(from.hop(), true);
        } else {
            result.complete(failure);
        }
    }

    private void issue(Hop hop, boolean fresh) {
        Exchange next = new Exchange(reactor, hop, this);
        synchronized (lock) {
            if (ended) {
                return;
            }
            exchange = next;
        }
        next.start(Timeout.of(settings.connectTimeout()), fresh);
    }

    /** Guarded by lock. */
    private boolean isCurrent(Exchange from) {
        return !ended && exchange == from;
    }

    /** Guarded by lock. */
    private void endNow() {
        ended = true;
        exchange = null;
        if (reception != null) {
            reception.discard();
            reception = null;
        }
    }

    /** Guarded by lock. */
    private Hop follow(Hop from, Response redirect) throws RefusedRedirect {
        String location = redirect.header("Location");
        if (location == null) {
            throw new RefusedRedirect(redirect.statusLine() + " without a Location");
        }
        FetchUrl url;
        try {
            url = from.url().resolve(location);
        } catch (IllegalArgumentException e) {
            String origin = MessageText.line(from.url().toString());
            throw new RefusedRedirect("redirect from " + origin + ": " + e.getMessage());
        }
        if (redirects == settings.redirects().limit()) {
            throw new RefusedRedirect(
                    "stopped after " + redirects + " redirects, the next one to " + MessageText.line(url.toString()));
        }
        if (from.url().isSecure() && !url.isSecure()) {
            throw new RefusedRedirect("redirect from https to " + MessageText.line(url.toString())
                    + " refused: it would leave the encrypted connection");
        }
        redirects++;
        return from.redirected(redirect.status(), url);
    }

    /** Guarded by lock. */
    private AttemptResult failure(Exchange from, Exception cause) {
        FetchUrl url = from.hop().url();
        Map<String, Object> details =
                reception == null ? Map.of(Detail.URL, url.toString()) : reception.response().details();
        if (cause instanceof TooLargeException) {
            return new AttemptResult.Failed(
                    new BranchError(ErrorType.TOO_LARGE, cause.getMessage()), Retry.NEVER, details);
        }
        NetworkFailure failure = new NetworkFailure(url, from.phase(), progress(from), settings.connectTimeout());
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
