package io.jenkins.plugins.concurrency.engine.pool.function;

import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.engine.pool.WorkerStart;
import io.jenkins.plugins.concurrency.engine.pool.worker.WorkerProtocol;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The protocol of {@link FunctionMain}. The first line is {@code {"function": source}}. Then each request
 * {@code {"requestId": n, "index": i, "input": v}} is answered. The answer has {@code value}, {@code valueFile} or
 * {@code {"error": {"type": t, "message": m}}}, and the call's {@code output}. If calls share a process, it also has
 * the call's processor time.
 *
 * @param source Groovy; its variables are {@code input} and {@code index}
 * @param classPath jars and folders that it may use, relative to the directory where it runs
 * @param program the program that runs it
 * @param callsAtOnce how many calls a worker may have at once
 * @param outputBytes how much of a call's output is written to a file, in bytes; 0 for no limit, negative for no files
 */
public record FunctionProtocol(
        String source,
        List<String> classPath,
        WorkerStart.Program program,
        int callsAtOnce,
        long outputBytes)
        implements WorkerProtocol {

    static final String OUTPUT_BYTES = "outputBytes";

    /** In answers of calls that share a process: the processor time of the call's thread, in milliseconds. */
    static final String CPU_MILLIS = "cpuMillis";

    /**
     * In such answers if threads can't be measured: the processor time of the process since the last answer, in
     * milliseconds.
     */
    static final String SHARED_CPU_MILLIS = "sharedCpuMillis";

    @Override
    public boolean isExpensiveToStart() {
        return callsAtOnce == 1;
    }

    @Override
    public Map<String, Object> opening() {
        return Map.of(
                "function", source, "classPath", classPath, "callsAtOnce", callsAtOnce, OUTPUT_BYTES, outputBytes);
    }

    @Override
    public String outputFile(PoolBranch branch) {
        return outputBytes < 0 ? null : outputFile(branch.index());
    }

    static String outputFile(int index) {
        return "output-" + index;
    }

    @Override
    public Map<String, Object> request(PoolBranch branch) {
        Map<String, Object> request = new HashMap<>(4); // the input may be null
        request.put("index", branch.index());
        request.put("input", branch.input());
        return request;
    }

    @Override
    public String fileText(PoolBranch branch) {
        return Json.write(branch.input());
    }

    @Override
    public Map<String, Object> request(PoolBranch branch, String file) {
        return Map.of("index", branch.index(), "inputFile", file);
    }

    @Override
    public void addDetails(JsonObject answer, Map<String, Object> details) throws IOException {
        if (answer.has(CPU_MILLIS)) {
            details.put(OutcomeDetail.CPU_MILLIS, answer.longValue(CPU_MILLIS));
        }
        if (answer.has(SHARED_CPU_MILLIS)) {
            details.put(OutcomeDetail.SHARED_CPU_MILLIS, answer.longValue(SHARED_CPU_MILLIS));
        }
    }

    @Override
    public BranchError error(JsonObject answer) throws IOException {
        if (!answer.has("error")) {
            return null;
        }
        JsonObject error = answer.object("error");
        return new BranchError(ErrorType.of(error.string("type")), error.string("message"));
    }
}
