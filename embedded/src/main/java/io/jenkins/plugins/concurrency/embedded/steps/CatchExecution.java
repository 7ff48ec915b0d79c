package io.jenkins.plugins.concurrency.embedded.steps;

import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.concurrency.embedded.EmbeddedRun;
import java.io.IOException;
import org.jenkinsci.plugins.workflow.actions.WarningAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.AbstractStepExecutionImpl;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Runs a body whose failure goes to the log and into the result, but no further. */
final class CatchExecution extends AbstractStepExecutionImpl {

    private static final long serialVersionUID = 1L;
    private final String message;
    private final Result buildResult;
    private final Result stageResult;
    private final boolean catchInterruptions;

    CatchExecution(
            StepContext context, String message, Result buildResult, Result stageResult, boolean catchInterruptions) {
        super(context);
        this.message = message;
        this.buildResult = buildResult;
        this.stageResult = stageResult;
        this.catchInterruptions = catchInterruptions;
    }

    @Override
    public boolean start() {
        getContext().newBodyInvoker().withCallback(new Callback()).start();
        return false;
    }

    private final class Callback extends BodyExecutionCallback {
        private static final long serialVersionUID = 1L;

        @Override
        public void onSuccess(StepContext context, Object result) {
            context.onSuccess(null);
        }

        @Override
        public void onFailure(StepContext context, Throwable failure) {
            if (!catchInterruptions
                    && failure instanceof FlowInterruptedException interruption
                    && interruption.isActualInterruption()) {
                context.onFailure(failure);
                return;
            }
            try {
                record(context, failure);
                context.onSuccess(null);
            } catch (IOException | InterruptedException e) {
                context.onFailure(e);
            }
        }
    }

    private void record(StepContext context, Throwable failure) throws IOException, InterruptedException {
        TaskListener listener = context.get(TaskListener.class);
        EmbeddedRun run = (EmbeddedRun) context.get(Run.class);
        if (message != null) {
            listener.getLogger().println(message);
        }
        Result forBuild = buildResult;
        Result forStage = stageResult;
        if (failure instanceof FlowInterruptedException interruption) {
            interruption.handle(run, listener);
            forBuild = interruption.getResult();
            forStage = interruption.getResult();
        } else {
            run.report(failure);
        }
        if (forStage.isWorseThan(Result.SUCCESS)) {
            context.get(FlowNode.class).addOrReplaceAction(new WarningAction(forStage).withMessage(failure.getMessage()));
        }
        if (forBuild.isWorseThan(Result.SUCCESS)) {
            run.setResult(forBuild);
        }
    }
}
