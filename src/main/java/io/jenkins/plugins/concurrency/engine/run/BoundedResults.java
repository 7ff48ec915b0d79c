package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.journal.JournalLines;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import io.jenkins.plugins.concurrency.engine.schedule.Attempter;
import io.jenkins.plugins.concurrency.engine.schedule.Branch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes a failure of a result that is too large for a line of the journal. So only its branch fails, not the run. */
final class BoundedResults {

    /** In bytes of JSON. The rest of the line is for the branch's name and an error's message. */
    static final int MAX_DETAILS = JournalLines.MAX_LINE - 64 * 1024;

    /** What is kept of a result that is too large, in bytes of JSON for each detail. */
    private static final int SMALL_DETAIL = 4 * 1024;

    /** How many bytes a character can become: a control character is written as six. */
    private static final long MAX_BYTES_A_CHARACTER = 6;

    private BoundedResults() {}

    static <B extends Branch> Attempter<B> of(Attempter<B> attempter) {
        return attempter.mapResult((branch, result) -> bounded(result));
    }

    private static AttemptResult bounded(AttemptResult result) {
        Map<String, Object> details = result.details();
        // Most results are small, and this check is quick.
        if (sizeAtMost(details) <= MAX_DETAILS) {
            return result;
        }
        int size = Json.writeBytes(details).length;
        if (size <= MAX_DETAILS) {
            return result;
        }
        Map<String, Object> small = new LinkedHashMap<>(details);
        small.values().removeIf(detail -> sizeAtMost(detail) > SMALL_DETAIL);
        if (result instanceof AttemptResult.Failed) {
            return result.with(small);
        }
        String message = "the result has " + size + " bytes as JSON; " + MAX_DETAILS + " are allowed";
        return new AttemptResult.Failed(
                new BranchError(ErrorType.TOO_LARGE, message), AttemptResult.Retry.NEVER, small);
    }

    private static long sizeAtMost(Object value) {
        if (value instanceof Map<?, ?> map) {
            long size = 2;
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                size += sizeAtMost(entry.getKey()) + sizeAtMost(entry.getValue()) + 2;
            }
            return size;
        }
        if (value instanceof List<?> list) {
            return list.stream().mapToLong(element -> sizeAtMost(element) + 1).sum() + 2;
        }
        return String.valueOf(value).length() * MAX_BYTES_A_CHARACTER + 2;
    }
}
