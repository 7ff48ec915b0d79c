package io.jenkins.plugins.concurrency.engine.pool;

import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.IntPredicate;

/** A command that is running. */
final class CommandAttempt implements Attempt {

    private static final int STDERR_LINES_IN_MESSAGE = 3;

    private final RunningScript script;
    private final SecretMask mask;
    private final int slot;
    private final IntPredicate keepsWhole;
    private final CompletionStage<AttemptResult> result;

    /**
     * @param keepsWhole asked once, if the standard output is long: how many characters there are besides its end; says
     *     whether the result may have them
     */
    CommandAttempt(RunningScript script, SecretMask mask, int slot, IntPredicate keepsWhole) {
        this.script = script;
        this.mask = mask;
        this.slot = slot;
        this.keepsWhole = keepsWhole;
        this.result = script.end().handle((end, thrown) -> thrown == null ? result(end) : failure(thrown));
    }

    @Override
    public CompletionStage<AttemptResult> result() {
        return result;
    }

    @Override
    public void abort() {
        script.abort();
    }

    private AttemptResult result(RunningScript.End end) {
        OutputTail out = affordable(masked(end.stdout()));
        OutputTail err = masked(end.stderr());
        Map<String, Object> details = details(end, out, err);
        return switch (end.cause()) {
            case TOO_LARGE -> new AttemptResult.Failed(
                    new BranchError(ErrorType.TOO_LARGE, "the command wrote more than 'maxOutput' allows"),
                    AttemptResult.Retry.NEVER,
                    details);
            case ABORTED -> AttemptResult.aborted(details);
            case ITSELF -> end.exitCode() == 0
                    ? new AttemptResult.Succeeded(details)
                    : new AttemptResult.Failed(
                            new BranchError(ErrorType.EXIT, message(end.exitCode(), err)),
                            AttemptResult.Retry.SENSIBLE,
                            details);
        };
    }

    /** Masks an output before it is cut. Otherwise half a secret could remain, which is not recognized. */
    private OutputTail masked(OutputTail output) {
        String text = output.truncated() ? mask.tail(output.text()) : mask.text(output.text());
        return new OutputTail(text, output.truncated());
    }

    /** The whole output if the run still has room for it; otherwise its end. */
    private OutputTail affordable(OutputTail output) {
        OutputTail end = output.shortened();
        int more = output.text().length() - end.text().length();
        return more > 0 && !keepsWhole.test(more) ? end : output;
    }

    private static AttemptResult failure(Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return cause instanceof HostException failed
                ? failed.result()
                : AttemptResult.failed(ErrorType.ERROR, cause.toString());
    }

    private Map<String, Object> details(RunningScript.End end, OutputTail out, OutputTail err) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put(OutcomeDetail.EXIT_CODE, end.exitCode());
        details.put(OutcomeDetail.STDOUT, out.text());
        details.put(OutcomeDetail.STDERR, err.text());
        if (out.truncated() || err.truncated()) {
            details.put(OutcomeDetail.TRUNCATED, true);
        }
        details.put(OutcomeDetail.WORKER, slot);
        end.usage().addTo(details);
        details.putAll(end.outputs());
        return details;
    }

    private static String message(int exitCode, OutputTail err) {
        String tail = err.lastLines(STDERR_LINES_IN_MESSAGE);
        return "exit code " + exitCode + (tail.isEmpty() ? "" : ": " + tail);
    }
}
