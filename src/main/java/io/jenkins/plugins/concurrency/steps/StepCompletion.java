package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.concurrency.steps.log.RunProgress;
import io.jenkins.plugins.concurrency.steps.log.StepLabel;
import io.jenkins.plugins.concurrency.steps.result.BranchFailuresException;
import io.jenkins.plugins.concurrency.steps.result.BranchResults;
import java.io.IOException;
import java.io.PrintStream;
import java.util.function.IntSupplier;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.actions.WarningAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** What a step logs and returns when all its branches have ended. */
public record StepCompletion(StepContext context, StepLabel label, RunProgress progress) {

    private static final Logger LOGGER = Logger.getLogger(StepCompletion.class.getName());

    /**
     * Writes the summary and the failures to the build's log. Writes nothing if no branch has ended.
     *
     * @param processors called only if needed; returns how many processors the work had, 0 if that is not known
     */
    public void log(IntSupplier processors) throws IOException, InterruptedException {
        Run<?, ?> build = context.get(Run.class);
        LOGGER.fine(() -> build + ": " + progress.trace());
        if (progress.ended() > 0) {
            PrintStream log = StepLog.of(context).getLogger();
            log.println(progress.summary());
            progress.usageLines(processors).forEach(log::println);
            progress.failureLines().forEach(log::println);
        }
    }

    /**
     * Ends the step as {@code onFailure} says.
     *
     * @param problem why the step fails for another reason than its branches; {@code null} if there is none
     */
    public void complete(BranchResults results, @CheckForNull String problem) throws IOException, InterruptedException {
        if (progress.notSucceeded() > 0) {
            switch (label.onFailure()) {
                case FAIL:
                    fail(BranchFailuresException.of(results, label.text()), problem);
                    return;
                case UNSTABLE:
                    context.get(FlowNode.class)
                            .addOrReplaceAction(new WarningAction(Result.UNSTABLE).withMessage(progress.summary()));
                    context.get(Run.class).setResult(Result.UNSTABLE);
                    break;
                default:
                    break;
            }
        }
        if (problem == null) {
            context.onSuccess(results);
        } else {
            context.onFailure(BranchFailuresException.ofRun(results, problem));
        }
    }

    /**
     * Ends the step with a failure.
     *
     * @param problem another failure, which is only written to the log; {@code null} for none
     */
    public void fail(Throwable failure, @CheckForNull String problem) throws IOException, InterruptedException {
        if (problem != null) {
            StepLog.of(context).getLogger().println(problem);
        }
        context.onFailure(failure);
    }
}
