package io.jenkins.plugins.concurrency.steps.result;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The properties of {@link BranchResult} that scripts may read. */
final class BranchProperties {

    /** By name, in the order in which they are documented. */
    static final Map<String, Function<BranchResult, Object>> ALL = all();

    private BranchProperties() {}

    private static Map<String, Function<BranchResult, Object>> all() {
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
}
