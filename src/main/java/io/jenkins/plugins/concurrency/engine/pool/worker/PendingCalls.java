package io.jenkins.plugins.concurrency.engine.pool.worker;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The calls of one worker that have not been answered. Not thread-safe. */
final class PendingCalls {

    private final Map<Integer, WorkerCall> calls = new HashMap<>();
    private final Set<WorkerCall> givenUp = new HashSet<>();

    /** The number of the last call. The first call has 1, because 0 means no number. */
    private int last;

    WorkerCall add() {
        WorkerCall call = new WorkerCall(++last);
        calls.put(last, call);
        return call;
    }

    /**
     * Removes the call that an answer belongs to. If the answer has no number, there must be only one call.
     *
     * @return {@code null} if the call was answered before: the first answer counts
     * @throws IOException if there was no such call; with a message of one line
     */
    @CheckForNull
    WorkerCall take(JsonObject answer) throws IOException {
        long number = WorkerFrames.number(answer, "requestId");
        if (number == 0) {
            if (calls.size() != 1) {
                throw new IOException("the worker gave an answer without 'requestId' while it had " + calls.size()
                        + " calls");
            }
            number = calls.keySet().iterator().next();
        }
        if (number < 0 || number > last) {
            throw new IOException("the worker answered request " + number + ", which was not sent to it");
        }
        WorkerCall call = calls.remove((int) number);
        givenUp.remove(call);
        return call;
    }

    /** @return false if the call has ended already */
    boolean giveUp(WorkerCall call) {
        return calls.containsValue(call) && givenUp.add(call);
    }

    boolean areAllGivenUp() {
        return givenUp.size() == calls.size();
    }

    List<WorkerCall> takeAll() {
        List<WorkerCall> all = new ArrayList<>(calls.values());
        calls.clear();
        givenUp.clear();
        return all;
    }
}
