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

    /** The program of a worker. */
    WorkerStart.Program program();

    /** How many calls a worker may have at once. If it is more than one, the worker knows {@code cancel}. */
    int callsAtOnce();

    /** Whether it takes so long to start a worker that one worker does a small amount of work faster than several. */
    default boolean isExpensiveToStart() {
        return false;
    }

    /**
     * The first line to a worker. The worker must first answer {@code {"ready": true}} or {@code {"refused": why}}.
     *
     * @return {@code null} if there is no such line and no such answer
     */
    @CheckForNull
    Map<String, Object> opening();

    /**
     * The name of the file to which a worker writes a branch's output while it works. It is in the worker's folder.
     *
     * @return {@code null} if the output is only in the answer
     */
    @CheckForNull
    default String outputFile(PoolBranch branch) {
        return null;
    }

    /** The request for a branch, without its number. */
    Map<String, Object> request(PoolBranch branch);

    /** The text of the file, if the input is too large for a line. */
    String fileText(PoolBranch branch);

    /** The request for a branch whose input is in a file. */
    Map<String, Object> request(PoolBranch branch, String file);

    /** Adds the other details of an answer. */
    void addDetails(JsonObject answer, Map<String, Object> details) throws IOException;

    /**
     * Why a branch failed.
     *
     * @return {@code null} if it succeeded
     * @throws IOException if the answer is invalid
     */
    @CheckForNull
    BranchError error(JsonObject answer) throws IOException;
}
