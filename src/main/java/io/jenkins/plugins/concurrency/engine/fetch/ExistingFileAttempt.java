package io.jenkins.plugins.concurrency.engine.fetch;

import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.process.Sha256;
import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Checks whether the existing file can be used, and fetches it if not. Thread-safe. */
final class ExistingFileAttempt implements Attempt {

    private final FetchPlan plan;
    private final Supplier<Attempt> fetch;
    private final CompletableFuture<AttemptResult> result = new CompletableFuture<>();

    // Guarded by this.
    private Attempt fetching;
    private boolean aborted;

    /** @param fetch starts to fetch the file */
    ExistingFileAttempt(FetchPlan plan, Supplier<Attempt> fetch) {
        this.plan = plan;
        this.fetch = fetch;
    }

    /** Checks the file. If a hash is expected, it blocks while it reads the file. */
    void check() {
        try {
            if (plan.sha256() == null || plan.sha256().equals(Sha256.ofFile(plan.target().path(), this::isAborted))) {
                result.complete(new AttemptResult.Succeeded(kept()));
                return;
            }
        } catch (IOException e) {
            // an unreadable file can't be used
        }
        Attempt started;
        synchronized (this) {
            if (aborted) {
                return;
            }
            started = fetch.get();
            fetching = started;
        }
        started.result().whenComplete((ended, thrown) -> {
            if (thrown == null) {
                result.complete(ended);
            } else {
                result.completeExceptionally(thrown);
            }
        });
    }

    @Override
    public CompletionStage<AttemptResult> result() {
        return result;
    }

    @Override
    public void abort() {
        Attempt started;
        synchronized (this) {
            aborted = true;
            started = fetching;
        }
        if (started == null) {
            result.complete(AttemptResult.failed(ErrorType.CANCELLED, "aborted"));
        } else {
            started.abort();
        }
    }

    private synchronized boolean isAborted() {
        return aborted;
    }

    private Map<String, Object> kept() throws IOException {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put(OutcomeDetail.URL, plan.first().url().toString());
        details.put(OutcomeDetail.BYTES, Files.size(plan.target().path()));
        if (plan.sha256() != null) {
            details.put(OutcomeDetail.SHA256, plan.sha256());
        }
        details.put(OutcomeDetail.PATH, plan.target().name());
        details.put(OutcomeDetail.KEPT, true);
        return details;
    }
}
