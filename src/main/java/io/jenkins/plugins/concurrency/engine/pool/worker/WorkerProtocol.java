package io.jenkins.plugins.concurrency.engine.pool.worker;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.engine.pool.WorkerStart;
import java.io.IOException;
import java.util.Map;

/**
 * The requests and answers of a kind of worker. Each request has a number ({@code requestId}). Its answer has the same
 * number, an {@code output}, and a {@code value} or the name of a {@code valueFile}. Immutable.
 */
public interface WorkerProtocol {

    /** What a worker is. */
    WorkerStart.Program program();

    /** How many calls a worker has at once at most. One that may have several answers to {@code cancel}. */
    int callsAtOnce();

    /** Whether a worker takes so much to start that little work is better done by one than by several. */
    default boolean isExpensiveToStart() {
        return false;
    }

    /**
     * The first line to a worker; it answers {@code {"ready": true}} or {@code {"refused": why}} before anything else.
     *
     * @return {@code null} for nothing, and no such answer
     */
    @CheckForNull
    Map<String, Object> opening();

    /**
     * The file among its own that a worker writes a branch's output to while it works.
     *
     * @return {@code null} if it only answers its output
     */
    @CheckForNull
    default String outputFile(PoolBranch branch) {
        return null;
    }

    /** A branch's request, without its number. */
    Map<String, Object> request(PoolBranch branch);

    /** The text of the file for an input that is too large for a line. */
    String fileText(PoolBranch branch);

    /** The request for an input that is in a file. */
    Map<String, Object> request(PoolBranch branch, String file);

    /** Adds what else an answer tells. */
    void addDetails(JsonObject answer, Map<String, Object> details) throws IOException;

    /**
     * Why a branch failed.
     *
     * @return {@code null} if it did not
     * @throws IOException if the answer is none
     */
    @CheckForNull
    BranchError error(JsonObject answer) throws IOException;
}
