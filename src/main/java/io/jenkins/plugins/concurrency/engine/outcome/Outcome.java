package io.jenkins.plugins.concurrency.engine.outcome;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How one branch ended. Immutable.
 *
 * @param index the branch's position in the input, from 0
 * @param name the branch's name, unique in its run
 * @param status how it ended
 * @param error why it did not succeed; {@code null} if it succeeded
 * @param attempts how many attempts were started; 0 if it was cancelled before the first
 * @param startMillis when its first attempt started, milliseconds since the epoch
 * @param durationMillis from the start of the first attempt to the end, with the pauses between attempts
 * @param details further JSON values, with the names of {@link OutcomeDetail}
 */
public record Outcome(
        int index,
        String name,
        OutcomeStatus status,
        @CheckForNull BranchError error,
        int attempts,
        long startMillis,
        long durationMillis,
        Map<String, Object> details) {

    public Outcome {
        Objects.requireNonNull(name);
        if ((status == OutcomeStatus.SUCCEEDED) != (error == null)) {
            throw new IllegalArgumentException(status + " with error " + error);
        }
        if (index < 0 || attempts < 0) {
            throw new IllegalArgumentException("negative index or attempts");
        }
    }

    /** A branch with an unknown end and an unknown number of attempts. */
    public static Outcome lost(int index, String name, String why) {
        return lost(index, name, 0, why);
    }

    /**
     * A branch with an unknown end.
     *
     * @param attempts how many are known
     */
    public static Outcome lost(int index, String name, int attempts, String why) {
        BranchError error = new BranchError(ErrorType.LOST, why);
        return new Outcome(index, name, OutcomeStatus.FAILED, error, attempts, System.currentTimeMillis(), 0, Map.of());
    }

    /**
     * A branch that never starts, because a branch that it needs did not succeed.
     *
     * @param status how that one ended; {@code null} if it was skipped
     */
    public static Outcome skipped(int index, String name, String need, @CheckForNull OutcomeStatus status) {
        boolean failed = status == OutcomeStatus.FAILED;
        String how = failed ? "failed" : status == OutcomeStatus.CANCELLED ? "was cancelled" : "was skipped";
        BranchError error = new BranchError(ErrorType.SKIPPED, "it needs '" + need + "', which " + how);
        return new Outcome(index, name, OutcomeStatus.SKIPPED, error, 0, System.currentTimeMillis(), 0, Map.of());
    }

    /** The same end with other details. */
    public Outcome with(Map<String, Object> newDetails) {
        return new Outcome(index, name, status, error, attempts, startMillis, durationMillis, newDetails);
    }

    /**
     * The result of the work: the value of a function; the file or the body of a fetch; the standard output of a
     * command without its last line break. If a response was processed, it is the result of the processing.
     *
     * @return {@code null} if there is no result, or the branch did not succeed
     */
    @CheckForNull
    public Object value() {
        if (status != OutcomeStatus.SUCCEEDED) {
            return null;
        }
        boolean isProcessed = details.containsKey(OutcomeDetail.PROCESS_ATTEMPTS);
        for (String yield : isProcessed ? List.of(OutcomeDetail.VALUE) : List.of(OutcomeDetail.VALUE, OutcomeDetail.PATH, OutcomeDetail.BODY)) {
            if (details.containsKey(yield)) {
                return details.get(yield);
            }
        }
        Object output = details.get(OutcomeDetail.STDOUT);
        return output instanceof String text && text.endsWith("\n") ? text.substring(0, text.length() - 1) : output;
    }

    /** The JSON form, which {@link #fromJson} reads. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("index", index);
        json.put("name", name);
        json.put("status", status.text());
        if (error != null) {
            json.put("error", Map.of("type", error.type().text(), "message", error.message()));
        }
        json.put("attempts", attempts);
        json.put("start", startMillis);
        json.put("millis", durationMillis);
        if (!details.isEmpty()) {
            json.put("details", details);
        }
        return json;
    }

    /**
     * Reads the JSON form.
     *
     * @throws IOException if it is not valid, in one line
     */
    public static Outcome fromJson(JsonObject json) throws IOException {
        try {
            return new Outcome(
                    json.integer("index"),
                    json.string("name"),
                    OutcomeStatus.of(json.string("status")),
                    json.has("error") ? error(json.object("error")) : null,
                    json.integer("attempts"),
                    json.longValue("start"),
                    json.longValue("millis"),
                    json.has("details") ? json.object("details").fields() : Map.of());
        } catch (IllegalArgumentException e) {
            throw new IOException("not an outcome: " + e.getMessage(), e);
        }
    }

    private static BranchError error(JsonObject json) throws IOException {
        return new BranchError(ErrorType.of(json.string("type")), json.string("message"));
    }
}
