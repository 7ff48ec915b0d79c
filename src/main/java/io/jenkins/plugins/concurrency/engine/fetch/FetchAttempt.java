package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.body.BodySink;
import io.jenkins.plugins.concurrency.engine.fetch.body.TextBudget;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Network;
import io.jenkins.plugins.concurrency.engine.fetch.http.FetchUrl;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestSpec;
import io.jenkins.plugins.concurrency.engine.fetch.http.Response;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import io.jenkins.plugins.concurrency.engine.schedule.GroupPace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpResponse;

/**
 * One attempt of a branch: an exchange, and one more for each redirect. Events of exchanges come from I/O threads, an
 * abort from any thread. A lock serializes them; it is not held during calls that may start new work.
 */
final class FetchAttempt implements Attempt, Exchange.Listener {

    private final HttpReactor reactor;
    private final Network network;
    private final FetchSettings settings;
    private final TextBudget.Share textMemory;
    private final GroupPace pace;
    private final FetchPlan plan;
    private final ResumeState resumption;
    private final CompletableFuture<AttemptResult> result = new CompletableFuture<>();
    private final RedirectPolicy redirects;
    private final RetryRules retries;
    private final Object lock = new Object();

    // Guarded by lock.
    private Exchange exchange;
    private ResponseHandler reception;

    private Future<?> waiting;
    private boolean ended;

    FetchAttempt(
            HttpReactor reactor,
            Network network,
            FetchSettings settings,
            TextBudget.Share textMemory,
            @CheckForNull CookieJar cookies,
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
        this.redirects = new RedirectPolicy(plan, settings.redirects(), cookies);
        this.retries = new RetryRules(network);
    }

    FetchAttempt start() {
        issue(redirects.begin(resumption.first()), false);
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
            endNow(AttemptResult.Retry.SENSIBLE);
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
                Response response = Response.of(from.requestSpec(), from.connection().proxyName(), head, entity);
                redirects.look(response);
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
                if (reception.isWanted() && plan.validBody() != null) {
                    ResponseHandler searched = reception;
                    reactor.io().readFile(textMemory, () -> search(from, searched)); // may take long
                    return;
                }
                ResponseHandler whole = reception;
                reception = null;
                next = whole.isRedirect() ? redirects.follow(whole.response()) : null;
                end = next == null ? asOfAll(from, whole.result()) : null;
            } catch (RedirectPolicy.RefusedException e) {
                end = e.result();
            } catch (IOException e) {
                end = failure(from, e);
            }
            if (end != null) {
                endNow(retry(end));
            }
        }
        if (end != null) {
            result.complete(end);
        } else {
            issueAfter(pause(next), next);
        }
    }

    /** Searches the body, which is complete, and ends the attempt. */
    private void search(Exchange from, ResponseHandler whole) {
        AttemptResult end;
        try {
            String text;
            synchronized (lock) {
                text = isCurrent(from) ? whole.text() : "";
            }
            end = whole.mismatch(text, () -> isOver(from));
        } catch (IOException e) {
            end = AttemptResult.failed(ErrorType.ERROR, "can't read the body: " + e.getMessage());
        }
        synchronized (lock) {
            if (!isCurrent(from)) {
                return;
            }
            if (end == null) {
                reception = null;
                end = whole.result();
            }
            endNow(AttemptResult.Retry.NEVER);
        }
        result.complete(end);
    }

    private boolean isOver(Exchange from) {
        synchronized (lock) {
            return !isCurrent(from);
        }
    }

    @Override
    public void failed(Exchange from, Exception reported) {
        Exception cause = RetryRules.reason(from, reported);
        boolean fromStart = cause instanceof ResumeState.RestartException;
        boolean again;
        RequestSpec restart = null;
        AttemptResult failure = null;
        synchronized (lock) {
            if (!isCurrent(from)) {
                return;
            }
            again = retries.mayBeSentAgain(from, cause, reception == null || reception.isFromStart());
            if (again && reception != null) {
                reception.discard();
                reception = null;
            }
            if (fromStart) {
                restart = redirects.begin(plan.first());
            } else if (!again) {
                boolean decided = reception != null && reception.isUnwanted() && !(cause instanceof IdleTimeoutMonitor.IdleTimeoutException);
                failure = asOfAll(from, decided ? reception.result() : failure(from, cause));
                endNow(retry(failure));
            }
        }
        if (fromStart) {
            issueAfter(pause(restart), restart);
        } else if (again) {
            issue(from.requestSpec(), true);
        } else {
            result.complete(failure);
        }
    }

    /** How long the next request of the attempt has to wait, to keep to the rate. */
    private Duration pause(RequestSpec next) {
        return pace == null ? Duration.ZERO : pace.reserve(next.url().origin().toString());
    }

    private static AttemptResult.Retry retry(AttemptResult end) {
        return end instanceof AttemptResult.Failed failed ? failed.retry() : AttemptResult.Retry.NEVER;
    }

    /**
     * The end of the attempt if this is that of its last request. If a redirect led there, the work was perhaps done
     * before it, and another server may have refused the request. Guarded by lock.
     */
    private AttemptResult asOfAll(Exchange from, AttemptResult end) {
        RequestSpec first = plan.first();
        boolean same = !redirects.hasFollowed()
                || first.isIdempotent() && first.url().sameOrigin(from.requestSpec().url());
        if (same || !(end instanceof AttemptResult.Failed failed) || !failed.retry().refused()) {
            return end;
        }
        AttemptResult.Retry later = AttemptResult.Retry.after(failed.retry().notBefore());
        return new AttemptResult.Failed(failed.error(), later, failed.details());
    }

    private void issueAfter(Duration pause, RequestSpec hop) {
        if (pause.isZero()) {
            issue(hop, false);
            return;
        }
        synchronized (lock) {
            exchange = null;
            waiting = ended ? null : reactor.io().schedule(pause, () -> issue(hop, false));
        }
    }

    private void issue(RequestSpec hop, boolean fresh) {
        Exchange next;
        synchronized (lock) {
            if (ended) {
                return;
            }
            next = new Exchange(network, reactor.idleTimeouts(), hop, settings.timeouts(), this);
            exchange = next;
            waiting = null;
        }
        next.start(fresh);
    }

    /** Guarded by lock. */
    private boolean isCurrent(Exchange from) {
        return !ended && exchange == from;
    }

    /** Guarded by lock. */
    private void endNow(AttemptResult.Retry retry) {
        ended = true;
        exchange = null;
        resumption.end(reception, retry);
        reception = null;
    }

    /** Guarded by lock. */
    private AttemptResult failure(Exchange from, Exception cause) {
        FetchUrl url = from.requestSpec().url();
        Map<String, Object> details =
                reception == null ? Map.of(OutcomeDetail.URL, url.toString()) : reception.response().details();
        BranchError error = cause instanceof BodySink.TooLargeException
                ? new BranchError(ErrorType.TOO_LARGE, cause.getMessage())
                : new NetworkFailure(
                                url,
                                from.connection() == null ? null : from.connection().proxyName(),
                                from.requestSpec().identity(),
                                from.phase(),
                                progress(from),
                                settings.timeouts())
                        .of(cause);
        return new AttemptResult.Failed(error, RetryRules.afterFailure(cause, from.phase()), details);
    }

    /** Guarded by lock. */
    private String progress(Exchange from) {
        if (reception != null) {
            return reception.progress();
        }
        return from.phase() == ExchangePhase.WAITING ? "before the response" : "within the head of the response";
    }
}
