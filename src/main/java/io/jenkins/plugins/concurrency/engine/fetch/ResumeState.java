package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.body.ContentCoding;
import io.jenkins.plugins.concurrency.engine.fetch.body.PartialFile;
import io.jenkins.plugins.concurrency.engine.fetch.body.TextBudget;
import io.jenkins.plugins.concurrency.engine.fetch.http.LocalFileException;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestSpec;
import io.jenkins.plugins.concurrency.engine.fetch.http.Response;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What one attempt gets from the one before, and leaves for the next. Used under the attempt's lock. */
final class ResumeState {

    /** The server did not continue where it was asked to: the body has to come from its start. */
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

    /** What was taken over and has not been used yet. */
    @CheckForNull
    private PartialFile beginning;

    /** @param last whether there will be no further attempt */
    ResumeState(FetchPlan plan, Partials partials, int branch, boolean last) {
        this.plan = plan;
        this.partials = partials;
        this.branch = branch;
        this.last = last;
        this.beginning = partials.take(branch);
    }

    /** The request to start with, which asks for the rest if there is a beginning. */
    RequestSpec first() {
        if (beginning == null) {
            return plan.first();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Range", "bytes=" + beginning.bytes() + "-");
        headers.put("If-Range", beginning.validator());
        if (plan.unpacked()) {
            headers.put("Accept-Encoding", ContentCoding.NONE); // as what is there came
        }
        return plan.first().with(headers);
    }

    /**
     * Gets ready for a response.
     *
     * @throws RestartException if it is not the rest of what is there
     * @throws IOException as {@link ResponseHandler}
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
                beginning = null; // it is not what it was
                offered.discard();
            }
            throw e;
        }
        if (reception.isWanted()) {
            beginning = null; // it continues, or the whole is written over it
        }
        return reception;
    }

    /**
     * The attempt is over.
     *
     * @param unfinished what was under way; {@code null} for nothing
     * @param again whether another attempt makes sense
     */
    void end(@CheckForNull ResponseHandler unfinished, boolean again) {
        PartialFile left = beginning;
        beginning = null;
        if (unfinished != null) {
            PartialFile rest = again && !last ? unfinished.suspend() : null;
            if (rest == null) {
                unfinished.discard();
            } else {
                left = rest;
            }
        }
        if (left != null && again && !last) {
            partials.put(branch, left);
        } else if (left != null) {
            left.discard();
        }
    }

    /** The partial bodies of branches that wait for another attempt. Safe for use by many threads. */
    static final class Partials {

        private final Map<Integer, PartialFile> byBranch = new ConcurrentHashMap<>();

        /** Removes and returns what a branch has. */
        @CheckForNull
        PartialFile take(int branch) {
            return byBranch.isEmpty() ? null : byBranch.remove(branch);
        }

        void put(int branch, PartialFile partial) {
            byBranch.put(branch, partial);
        }

        /** Removes what no attempt came for. */
        void discardAll() {
            byBranch.values().forEach(PartialFile::discard);
            byBranch.clear();
        }
    }
}
