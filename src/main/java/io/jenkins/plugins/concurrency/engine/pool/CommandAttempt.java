package io.jenkins.plugins.concurrency.engine.pool;

import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.Detail;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import io.jenkins.plugins.concurrency.engine.process.ProcessKiller;
import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A command that is running. Its output goes to files, so no thread copies it. */
final class CommandAttempt implements Attempt {

    private static final int STDERR_LINES_IN_MESSAGE = 3;

    private final Process process;
    private final ProcessCookie cookie;
    private final TaskFiles files;
    private final int slot;
    private final CompletionStage<AttemptResult> result;

    /** Set by the first abort; completes when the whole tree is gone. Guarded by this. */
    private CompletionStage<Void> killed;

    CommandAttempt(Process process, ProcessCookie cookie, TaskFiles files, int slot) {
        this.process = process;
        this.cookie = cookie;
        this.files = files;
        this.slot = slot;
        this.result = process.onExit().thenCompose(ended -> killedOrNow()).thenApply(ignored -> collect());
    }

    @Override
    public CompletionStage<AttemptResult> result() {
        return result;
    }

    @Override
    public synchronized void abort() {
        if (killed == null && process.isAlive()) {
            killed = ProcessKiller.kill(process.toHandle(), cookie);
        }
    }

    private synchronized CompletionStage<Void> killedOrNow() {
        return killed == null ? CompletableFuture.completedFuture(null) : killed;
    }

    private AttemptResult collect() {
        int exitCode = process.exitValue();
        try {
            OutputTail out = OutputTail.read(files.stdout());
            OutputTail err = OutputTail.read(files.stderr());
            Map<String, Object> details = details(exitCode, out, err);
            if (exitCode == 0) {
                return new AttemptResult.Succeeded(details);
            }
            BranchError error = new BranchError(ErrorType.EXIT, message(exitCode, err));
            return new AttemptResult.Failed(error, AttemptResult.Retry.SENSIBLE, details);
        } catch (IOException e) {
            return AttemptResult.failed(ErrorType.ERROR, "can't read the command's output: " + e.getMessage());
        } finally {
            files.delete();
        }
    }

    private Map<String, Object> details(int exitCode, OutputTail out, OutputTail err) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put(Detail.EXIT_CODE, exitCode);
        details.put(Detail.STDOUT, out.text());
        details.put(Detail.STDERR, err.text());
        if (out.truncated() || err.truncated()) {
            details.put(Detail.TRUNCATED, true);
        }
        details.put(Detail.WORKER, slot);
        return details;
    }

    private static String message(int exitCode, OutputTail err) {
        String tail = err.lastLines(STDERR_LINES_IN_MESSAGE);
        return "exit code " + exitCode + (tail.isEmpty() ? "" : ": " + tail);
    }
}
