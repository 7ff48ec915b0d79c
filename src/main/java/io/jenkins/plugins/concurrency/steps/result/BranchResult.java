package io.jenkins.plugins.concurrency.steps.result;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.steps.log.LogText;
import java.io.IOException;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jenkinsci.plugins.scriptsecurity.sandbox.whitelists.Whitelisted;

/**
 * How one branch ended, for scripts. A property that does not apply, or is not known, is {@code null}. In the program
 * state it is only a position in {@link BranchOutcomes}; the outcome is read when it is needed.
 */
public final class BranchResult implements Serializable {

    private static final long serialVersionUID = 1;

    /** The properties that scripts may read, by name, in the order of the documentation. */
    static final Map<String, Function<BranchResult, Object>> PROPERTIES = properties();

    private final BranchOutcomes outcomes;
    private final int index;

    /** Read from the journal when it is needed, and again after a restart. */
    private transient Outcome outcome;

    BranchResult(BranchOutcomes outcomes, int index) {
        this.outcomes = outcomes;
        this.index = index;
    }

    private static Map<String, Function<BranchResult, Object>> properties() {
        Map<String, Function<BranchResult, Object>> all = new LinkedHashMap<>();
        all.put("name", BranchResult::getName);
        all.put("index", BranchResult::getIndex);
        all.put("ok", BranchResult::isOk);
        all.put("outcome", BranchResult::getOutcome);
        all.put("value", BranchResult::getValue);
        all.put("error", BranchResult::getError);
        all.put("attempts", BranchResult::getAttempts);
        all.put("startMillis", BranchResult::getStartMillis);
        all.put("durationMillis", BranchResult::getDurationMillis);
        all.put("url", BranchResult::getUrl);
        all.put("status", BranchResult::getStatus);
        all.put("headers", BranchResult::getHeaders);
        all.put("body", BranchResult::getBody);
        all.put("path", BranchResult::getPath);
        all.put("bytes", BranchResult::getBytes);
        all.put("sha256", BranchResult::getSha256);
        all.put("kept", BranchResult::isKept);
        all.put("processAttempts", BranchResult::getProcessAttempts);
        all.put("reused", BranchResult::isReused);
        all.put("exitCode", BranchResult::getExitCode);
        all.put("stdout", BranchResult::getStdout);
        all.put("stderr", BranchResult::getStderr);
        all.put("truncated", BranchResult::isTruncated);
        all.put("stdoutFile", BranchResult::getStdoutFile);
        all.put("stderrFile", BranchResult::getStderrFile);
        all.put("worker", BranchResult::getWorker);
        all.put("node", BranchResult::getNode);
        all.put("cpuMillis", BranchResult::getCpuMillis);
        all.put("maxRssKb", BranchResult::getMaxRssKb);
        return Collections.unmodifiableMap(all);
    }

    private synchronized Outcome outcome() {
        if (outcome == null) {
            outcome = outcomes.outcome(index);
        }
        return outcome;
    }

    @CheckForNull
    private <T> T detail(String name, Class<T> type) {
        Object value = outcome().details().get(name);
        return type.isInstance(value) ? type.cast(value) : null;
    }

    @CheckForNull
    private <T> T number(String name, Function<Number, T> as) {
        Number value = detail(name, Number.class);
        return value == null ? null : as.apply(value);
    }

    /** The branch's name, unique in its step. */
    @Whitelisted
    public String getName() {
        return outcome().name();
    }

    /** The branch's position in the input, from 0. */
    @Whitelisted
    public int getIndex() {
        return index;
    }

    /** Whether it succeeded. */
    @Whitelisted
    public boolean isOk() {
        return outcomes.status(index) == OutcomeStatus.SUCCEEDED;
    }

    /** {@code succeeded}, {@code failed}, {@code cancelled} or {@code skipped}. */
    @Whitelisted
    public String getOutcome() {
        return outcomes.status(index).text();
    }

    /** The result of the work: a body or its file, a command's output, or what a function or closure returned. */
    @Whitelisted
    @CheckForNull
    public Object getValue() {
        return outcomes.value(outcome());
    }

    /** Why it did not succeed, or {@code null} if it did. */
    @Whitelisted
    @CheckForNull
    public BranchFailure getError() {
        return outcome().error() == null ? null : new BranchFailure(outcome().error());
    }

    /** How many attempts were started. */
    @Whitelisted
    public int getAttempts() {
        return outcome().attempts();
    }

    /** When the first attempt started, in milliseconds since the epoch. */
    @Whitelisted
    public long getStartMillis() {
        return outcome().startMillis();
    }

    /** The time from the first attempt's start to the end, in milliseconds. */
    @Whitelisted
    public long getDurationMillis() {
        return outcome().durationMillis();
    }

    /** The URL of the response, after redirects. */
    @Whitelisted
    @CheckForNull
    public String getUrl() {
        return detail(OutcomeDetail.URL, String.class);
    }

    /** The HTTP status. */
    @Whitelisted
    @CheckForNull
    public Integer getStatus() {
        return number(OutcomeDetail.STATUS, Number::intValue);
    }

    /** The headers of the response, with names in lower case. */
    @Whitelisted
    @CheckForNull
    public Map<?, ?> getHeaders() {
        return detail(OutcomeDetail.HEADERS, Map.class);
    }

    /** The body as text, if it was not written to a file. */
    @Whitelisted
    @CheckForNull
    public String getBody() {
        return detail(OutcomeDetail.BODY, String.class);
    }

    /**
     * Parses the body as JSON. The value consists of maps, lists, text, numbers, booleans and {@code null}. It is
     * serializable.
     *
     * @throws AbortException if there is no body, or if it is no JSON; with a message of one line
     */
    @Whitelisted
    @CheckForNull
    public Object json() throws AbortException {
        String body = getBody();
        if (body == null) {
            String why = getPath() == null ? "it has no body" : "its body is in the file " + getPath();
            throw new AbortException(LogText.line("'" + getName() + "' has no JSON: " + why));
        }
        try {
            return Json.parse(body);
        } catch (IOException e) {
            throw new AbortException(LogText.line("the body of '" + getName() + "' is no JSON: " + e.getMessage()));
        }
    }

    /** The file with the body, relative to the step's directory. */
    @Whitelisted
    @CheckForNull
    public String getPath() {
        return detail(OutcomeDetail.PATH, String.class);
    }

    /** The body's size in bytes. */
    @Whitelisted
    @CheckForNull
    public Long getBytes() {
        return number(OutcomeDetail.BYTES, Number::longValue);
    }

    /** The body's SHA-256, hexadecimal. */
    @Whitelisted
    @CheckForNull
    public String getSha256() {
        return detail(OutcomeDetail.SHA256, String.class);
    }

    /** Whether the file existed before, and was kept. */
    @Whitelisted
    public boolean isKept() {
        return Boolean.TRUE.equals(detail(OutcomeDetail.KEPT, Boolean.class));
    }

    /**
     * How many attempts were started to process what was fetched; 0 if nothing was fetched, {@code null} without
     * {@code process}.
     */
    @Whitelisted
    @CheckForNull
    public Integer getProcessAttempts() {
        return number(OutcomeDetail.PROCESS_ATTEMPTS, Number::intValue);
    }

    /** Whether the branch was not started, because it had succeeded in the build that {@code resumeFrom} names. */
    @Whitelisted
    public boolean isReused() {
        return Boolean.TRUE.equals(detail(OutcomeDetail.REUSED, Boolean.class));
    }

    /** The command's exit code. */
    @Whitelisted
    @CheckForNull
    public Integer getExitCode() {
        return number(OutcomeDetail.EXIT_CODE, Number::intValue);
    }

    /** The standard output: of a command the whole, up to 1 MiB; otherwise its end. */
    @Whitelisted
    @CheckForNull
    public String getStdout() {
        return detail(OutcomeDetail.STDOUT, String.class);
    }

    /** The end of the standard error. */
    @Whitelisted
    @CheckForNull
    public String getStderr() {
        return detail(OutcomeDetail.STDERR, String.class);
    }

    /** Whether the beginning of {@code stdout} or {@code stderr} is missing. */
    @Whitelisted
    public boolean isTruncated() {
        return Boolean.TRUE.equals(detail(OutcomeDetail.TRUNCATED, Boolean.class));
    }

    /**
     * The build's artifact with the whole standard output; {@code null} if it is not kept, or if there was no output.
     */
    @Whitelisted
    @CheckForNull
    public String getStdoutFile() {
        return detail(OutcomeDetail.STDOUT_FILE, String.class);
    }

    /**
     * The build's artifact with the whole standard error; {@code null} if it is not kept, or if there was no output.
     */
    @Whitelisted
    @CheckForNull
    public String getStderrFile() {
        return detail(OutcomeDetail.STDERR_FILE, String.class);
    }

    /** Which worker did the work, from 1. */
    @Whitelisted
    @CheckForNull
    public Integer getWorker() {
        return number(OutcomeDetail.WORKER, Number::intValue);
    }

    /** The worker's node, if the step has several nodes. */
    @Whitelisted
    @CheckForNull
    public String getNode() {
        return detail(OutcomeDetail.NODE, String.class);
    }

    /** The processor time of the command and of the processes that it waited for, in milliseconds. */
    @Whitelisted
    @CheckForNull
    public Long getCpuMillis() {
        return number(OutcomeDetail.CPU_MILLIS, Number::longValue);
    }

    /** The largest memory of one of the command's processes that was measured, in KiB. */
    @Whitelisted
    @CheckForNull
    public Long getMaxRssKb() {
        return number(OutcomeDetail.MAX_RSS_KB, Number::longValue);
    }

    /** The properties that are not {@code null}, by name. The values are plain maps, lists, texts and numbers. */
    @Whitelisted
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        PROPERTIES.forEach((name, property) -> {
            Object value = property.apply(this);
            if (value != null) {
                map.put(name, value instanceof BranchFailure failure ? failure.toMap() : value);
            }
        });
        return map;
    }

    /** Whether this is one of the given results, and not of another step. */
    boolean isOf(BranchOutcomes others) {
        return outcomes.equals(others);
    }

    /** Equal if they are results of the same branch of the same step of the same build. */
    @Override
    public boolean equals(Object other) {
        return other instanceof BranchResult result && result.index == index && result.isOf(outcomes);
    }

    @Override
    public int hashCode() {
        return Objects.hash(outcomes, index);
    }

    @Override
    @Whitelisted
    public String toString() {
        return getName() + ": " + (isOk() ? getOutcome() : String.valueOf(getError()));
    }
}
