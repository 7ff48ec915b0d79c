package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.body.ContentCoding;
import io.jenkins.plugins.concurrency.engine.fetch.body.PartialFile;
import io.jenkins.plugins.concurrency.engine.fetch.body.TextBudget;
import io.jenkins.plugins.concurrency.engine.fetch.http.LocalFileException;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestSpec;
import io.jenkins.plugins.concurrency.engine.fetch.http.Response;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What one attempt gets from the one before, and leaves for the next. Used under the attempt's lock. */
final class ResumeState {

    /** The server did not continue at the requested position. The body must come from its start. */
    static final class RestartException extends IOException {

        private static final long serialVersionUID = 1L;

        RestartException() {
            super("the rest does not belong to what is there");
        }
    }

    private final FetchPlan plan;
    private final Partials partials;
    private final int branch;
    private final boolean last;
    private final boolean resent;

    /** The part from the attempt before. Set until it is used. */
    @CheckForNull
    private PartialFile beginning;

    /**
     * @param last whether this is the last attempt that counts
     * @param resent whether there may be another one if it is refused
     */
    ResumeState(FetchPlan plan, Partials partials, int branch, boolean last, boolean resent) {
        this.plan = plan;
        this.partials = partials;
        this.branch = branch;
        this.last = last;
        this.resent = resent;
        this.beginning = partials.take(branch);
    }

    /** The first request. If there is a part already, it asks for the rest. */
    RequestSpec first() {
        if (beginning == null) {
            return plan.first();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Range", "bytes=" + beginning.bytes() + "-");
        headers.put("If-Range", beginning.validator());
        if (plan.unpacked()) {
            headers.put("Accept-Encoding", ContentCoding.NONE); // that part has no coding either
        }
        return plan.first().with(headers);
    }

    /**
     * Prepares for a response.
     *
     * @throws RestartException if the response is not the rest of the part that is there
     * @throws IOException as in {@link ResponseHandler}
     */
    ResponseHandler receive(FetchSettings settings, Response response, TextBudget.Share memory) throws IOException {
        PartialFile offered = beginning;
        if (offered != null && (response.status() == 416 || response.status() == 206 && !offered.goesOnWith(response))) {
            beginning = null;
            offered.discard();
            throw new RestartException();
        }
        ResponseHandler reception;
        try {
            reception = new ResponseHandler(plan, settings, response, memory, offered);
        } catch (LocalFileException e) {
            if (offered != null) {
                beginning = null; // the file has changed
                offered.discard();
            }
            throw e;
        }
        if (reception.isWanted()) {
            beginning = null; // the response continues it, or replaces the whole of it
        }
        return reception;
    }

    /**
     * Ends the attempt.
     *
     * @param unfinished the response that is incomplete; {@code null} for none
     * @param retry whether another attempt makes sense
     */
    void end(@CheckForNull ResponseHandler unfinished, AttemptResult.Retry retry) {
        boolean again = retry.sensible() && (!last || resent && retry.refused());
        PartialFile left = beginning;
        beginning = null;
        if (unfinished != null) {
            PartialFile rest = again ? unfinished.suspend() : null;
            if (rest == null) {
                unfinished.discard();
            } else {
                left = rest;
            }
        }
        if (left != null && again) {
            partials.put(branch, left);
        } else if (left != null) {
            left.discard();
        }
    }

    /** The partial bodies of branches that wait for another attempt. Thread-safe. */
    static final class Partials {

        private final Map<Integer, PartialFile> byBranch = new ConcurrentHashMap<>();

        /** Removes and returns the partial body of a branch. */
        @CheckForNull
        PartialFile take(int branch) {
            return byBranch.isEmpty() ? null : byBranch.remove(branch);
        }

        void put(int branch, PartialFile partial) {
            byBranch.put(branch, partial);
        }

        /** Removes the partial bodies that no attempt has taken. */
        void discardAll() {
            byBranch.values().forEach(PartialFile::discard);
            byBranch.clear();
        }
    }
}
