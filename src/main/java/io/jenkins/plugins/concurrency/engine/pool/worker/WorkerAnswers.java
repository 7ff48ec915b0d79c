package io.jenkins.plugins.concurrency.engine.pool.worker;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.pool.HostException;
import io.jenkins.plugins.concurrency.engine.pool.OutputReader;
import io.jenkins.plugins.concurrency.engine.pool.WorkerFiles;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Turns a worker's answer, or its end, into an attempt's result.
 *
 * @param lane the number of the worker, or of its thread, in the result
 * @param output the output of the call
 * @param onRefused called if the worker refuses the work, with the reason
 */
record WorkerAnswers(
        WorkerProtocol protocol, int lane, SecretMask mask, WorkerOutput output, Consumer<String> onRefused) {

    /** The result of an attempt that was answered. */
    AttemptResult result(JsonObject answer, Worker worker) {
        Map<String, Object> details = new LinkedHashMap<>();
        try {
            details.putAll(output.complete(answer.fields().get("output")));
            addOutput(answer, details);
            protocol.addDetails(answer, details);
            details.put(OutcomeDetail.WORKER, lane);
            worker.usageOfCall().addTo(details);
            BranchError error = protocol.error(answer);
            if (error != null) {
                // Secrets are masked before the message is cut. Otherwise half a secret could remain, which is not
                // recognized.
                BranchError masked = new BranchError(error.type(), mask.text(error.message()));
                return new AttemptResult.Failed(masked, AttemptResult.Retry.SENSIBLE, details);
            }
            addValue(answer, worker, details);
            return new AttemptResult.Succeeded(details);
        } catch (IOException | IllegalArgumentException e) {
            worker.kill(); // its other answers may be wrong too
            return AttemptResult.failed(ErrorType.PROTOCOL, "the worker's answer: " + mask.text(e.getMessage())).with(details);
        }
    }

    private void addValue(JsonObject answer, Worker worker, Map<String, Object> details) throws IOException {
        if (answer.has("valueFile")) {
            byte[] text = worker.takeFile(answer.string("valueFile"));
            details.put(OutcomeDetail.VALUE, Json.parse(text, 0, text.length));
        } else if (answer.fields().containsKey("value")) {
            details.put(OutcomeDetail.VALUE, answer.fields().get("value"));
        }
    }

    private void addOutput(JsonObject answer, Map<String, Object> details) throws IOException {
        String text = answer.has("output") ? answer.string("output") : "";
        boolean truncated = answer.flag("truncated");
        OutputTail tail = new OutputTail(truncated ? mask.tail(text) : mask.text(text), truncated);
        if (!WorkerFrames.fits(tail.text(), OutputTail.MAX_BYTES)) {
            byte[] bytes = tail.text().getBytes(StandardCharsets.UTF_8);
            tail = OutputTail.decode(Arrays.copyOfRange(bytes, bytes.length - OutputTail.MAX_BYTES, bytes.length), true);
        }
        details.put(OutcomeDetail.STDOUT, tail.text());
        if (tail.truncated()) {
            details.put(OutcomeDetail.TRUNCATED, true);
        }
    }

    /** The result of an attempt that got no worker. */
    static AttemptResult notStarted(Throwable thrown) {
        return thrown instanceof HostException failed
                ? failed.result()
                : AttemptResult.failed(ErrorType.CRASH, "can't start a worker: " + thrown.getMessage());
    }

    /** The result of an attempt that got no answer. */
    AttemptResult failure(Throwable thrown) {
        return unanswered(thrown).with(output.complete(null));
    }

    private AttemptResult unanswered(Throwable thrown) {
        if (thrown instanceof HostException failed) {
            return failed.result();
        }
        if (!(thrown instanceof WorkerCall.WorkerException ended)) {
            return AttemptResult.failed(ErrorType.ERROR, thrown.toString());
        }
        return switch (ended.kind()) {
            case REFUSED -> {
                onRefused.accept(ended.getMessage());
                yield AttemptResult.permanentFailure(ErrorType.INVALID, ended.getMessage());
            }
            case DIED, NOT_TAKEN -> AttemptResult.failed(ErrorType.CRASH, ended.getMessage());
            case NONSENSE -> AttemptResult.failed(ErrorType.PROTOCOL, ended.getMessage());
        };
    }

    /**
     * The output of one call, if more than its end is needed. It is a file that the worker writes while it works, or
     * the output in the answer. What workers write to standard error belongs to no call.
     *
     * @param file the file that the worker writes; {@code null} if the output is in the answer
     */
    record WorkerOutput(OutputReader reader, WorkerFiles files, @CheckForNull String file) implements Runnable {

        private static final Logger LOGGER = Logger.getLogger(WorkerOutput.class.getName());

        /** Reads what was written so far. */
        @Override
        public void run() {
            if (file == null) {
                return;
            }
            try {
                files.copy(file, false);
                reader.poll(files.local().resolve(file), nothing());
            } catch (IOException e) {
                LOGGER.log(Level.FINE, e, () -> "can't look at an output"); // the end of the call reports it
            }
        }

        /**
         * Called when the call has ended. What can't be copied any more, because the agent is gone, is not in the result.
         *
         * @param answered the output in the answer, if there is one
         * @return the details that the reader adds to the result
         */
        Map<String, Object> complete(@CheckForNull Object answered) {
            if (reader == OutputReader.NONE) {
                return Map.of();
            }
            try {
                return file == null ? ofAnswer(answered instanceof String text ? text : "") : ofFile(file);
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "can't keep an output");
                return Map.of();
            }
        }

        private Map<String, Object> ofAnswer(String text) throws IOException {
            Path output = files.local().resolve("output-" + UUID.randomUUID());
            try {
                return reader.complete(Files.write(output, text.getBytes(StandardCharsets.UTF_8)), nothing());
            } finally {
                Files.deleteIfExists(output);
            }
        }

        private Map<String, Object> ofFile(String name) throws IOException {
            try {
                files.copy(name, true);
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "can't copy the rest of an output");
            }
            try {
                return reader.complete(files.local().resolve(name), nothing());
            } finally {
                files.delete(name);
            }
        }

        private Path nothing() throws IOException {
            return files.local().resolve("no-output");
        }
    }
}
