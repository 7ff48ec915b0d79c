package io.jenkins.plugins.concurrency.engine.fetch;

import io.jenkins.plugins.concurrency.engine.fetch.http.Response;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;

/** A redirect that is not followed. A retry would get the same redirect. */
final class RedirectException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Response redirect;

    /** @param why for users, one line */
    RedirectException(Response redirect, String why) {
        super(why, null, false, false);
        this.redirect = redirect;
    }

    AttemptResult result() {
        return new AttemptResult.Failed(
                new BranchError(ErrorType.PROTOCOL, getMessage()), AttemptResult.Retry.NEVER, redirect.details());
    }
}
