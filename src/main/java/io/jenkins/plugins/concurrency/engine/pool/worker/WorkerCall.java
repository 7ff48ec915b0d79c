package io.jenkins.plugins.concurrency.engine.pool.worker;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A request to a worker, and its future answer. Thread-safe. */
final class WorkerCall {

    private final int number;
    private final CompletableFuture<JsonObject> answer = new CompletableFuture<>();

    /** The name of the file with the input; {@code null} if the input is in the request. */
    private volatile String file;

    private volatile boolean notTaken;

    WorkerCall(int number) {
        this.number = number;
    }

    /** @param another whether another worker may succeed */
    static WorkerCall failed(IOException why, boolean another) {
        WorkerCall call = new WorkerCall(0);
        call.notTaken = another;
        call.end(why);
        return call;
    }

    /** Completes when the worker does no more work for the call. */
    CompletionStage<JsonObject> answer() {
        return answer;
    }

    /** The request with the call's number added. */
    Map<String, Object> numbered(Map<String, Object> request) {
        Map<String, Object> numbered = new LinkedHashMap<>();
        numbered.put("requestId", number);
        numbered.putAll(request);
        return numbered;
    }

    /** Chooses a name for the file with the input. */
    String takeFile() {
        file = "input-" + UUID.randomUUID();
        return file;
    }

    @CheckForNull
    String file() {
        return file;
    }

    /** Notes that the worker can't have read the request. */
    void notTaken() {
        notTaken = true;
    }

    void answered(JsonObject frame) {
        answer.complete(frame);
    }

    /** Called when the worker has ended. */
    void end(IOException why) {
        boolean another = notTaken && why instanceof WorkerException ended && ended.kind() == WorkerException.Kind.DIED;
        answer.completeExceptionally(
                another ? new WorkerException(WorkerException.Kind.NOT_TAKEN, why.getMessage()) : why);
    }

    /** Why a worker can't be used. The message has one line, for users. */
    static final class WorkerException extends IOException {

        private static final long serialVersionUID = 1;

        enum Kind {
            /** The worker can't do such work at all, and no other can. */
            REFUSED,
            /** The worker ended before it could read the request. */
            NOT_TAKEN,
            /** The worker ended during the call. */
            DIED,
            /** The worker wrote something that is no answer. */
            NONSENSE
        }

        private final Kind kind;

        WorkerException(Kind kind, String message) {
            super(message);
            this.kind = kind;
        }

        Kind kind() {
            return kind;
        }
    }
}
