package io.jenkins.plugins.concurrency.engine.pool.worker;

import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.engine.pool.WorkerStart;
import io.jenkins.plugins.concurrency.engine.process.InterpretedScript;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The JSON form of Bazel's persistent-worker protocol. A request is {@code {"requestId": n, "arguments": [input]}}. A
 * text is sent as it is, a list of texts as the list of arguments, any other input as its JSON text. If it is too
 * large, it is in the file of {@code "inputs": [{"path": file}]}, without arguments. The answer is {@code {"requestId":
 * n, "exitCode": 0, "output": text, "value": any}}.
 *
 * @param script starts a worker
 */
public record JsonWorkerProtocol(InterpretedScript script) implements WorkerProtocol {

    private static final int OUTPUT_LINES_IN_MESSAGE = 3;

    @Override
    public WorkerStart.Program program() {
        return new WorkerStart.Program.Command(script);
    }

    @Override
    public int callsAtOnce() {
        return 1;
    }

    @Override
    public Map<String, Object> opening() {
        return null;
    }

    @Override
    public Map<String, Object> request(PoolBranch branch) {
        boolean texts = branch.input() instanceof List<?> list && list.stream().allMatch(String.class::isInstance);
        return Map.of("arguments", texts ? branch.input() : List.of(fileText(branch)));
    }

    @Override
    public String fileText(PoolBranch branch) {
        return branch.input() instanceof String text ? text : Json.write(branch.input());
    }

    @Override
    public Map<String, Object> request(PoolBranch branch, String file) {
        return Map.of("arguments", List.of(), "inputs", List.of(Map.of("path", file)));
    }

    @Override
    public void addDetails(JsonObject answer, Map<String, Object> details) throws IOException {
        details.put(OutcomeDetail.EXIT_CODE, exitCode(answer));
    }

    @Override
    public BranchError error(JsonObject answer) throws IOException {
        int exitCode = exitCode(answer);
        if (exitCode == 0) {
            return null;
        }
        String output = answer.has("output") ? answer.string("output") : "";
        String tail = new OutputTail(output, false).lastLines(OUTPUT_LINES_IN_MESSAGE);
        return new BranchError(ErrorType.EXIT, "exit code " + exitCode + (tail.isEmpty() ? "" : ": " + tail));
    }

    private static int exitCode(JsonObject answer) throws IOException {
        long code = WorkerFrames.number(answer, "exitCode");
        if (code != (int) code) {
            throw new IOException("'exitCode' is out of range: " + code);
        }
        return (int) code;
    }
}
