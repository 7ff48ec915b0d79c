package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import groovy.lang.Closure;
import hudson.model.Run;
import java.util.Map;
import io.jenkins.plugins.concurrency.nodes.StepCall;
import org.jenkinsci.plugins.workflow.cps.CpsStepContext;
import org.jenkinsci.plugins.workflow.cps.CpsThread;
import org.jenkinsci.plugins.workflow.cps.DSL;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.steps.BodyExecution;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/** Opens a stage and calls {@code gather} again in there; ends as that call does. */
final class GatherInStageExecution extends StepExecution {

    private static final long serialVersionUID = 1;

    private final String stage;

    /** The arguments, until start() has made a body of them: so they never get into the program state. */
    private Map<String, Object> arguments;

    private BodyExecution body;

    GatherInStageExecution(
            @NonNull StepContext context, @NonNull String stage, @NonNull Map<String, Object> arguments) {
        super(context);
        this.stage = stage;
        this.arguments = arguments;
    }

    @Override
    public boolean start() throws Exception {
        CpsStepContext context = (CpsStepContext) getContext();
        DSL steps = new DSL(((FlowExecutionOwner.Executable) context.get(Run.class)).asFlowExecutionOwner());
        Closure<?> gather = new StepCall(steps, GatherStep.DescriptorImpl.FUNCTION, arguments).closure();
        Closure<?> staged = new StepCall(steps, GatherGraph.STAGE, stage, gather).closure();
        arguments = null;
        body = context.newBodyInvoker(CpsThread.current().getGroup().export(staged), true)
                .withCallback(BodyExecutionCallback.wrap(context))
                .start();
        return false;
    }

    @Override
    public void stop(Throwable cause) {
        body.cancel(cause);
    }
}
