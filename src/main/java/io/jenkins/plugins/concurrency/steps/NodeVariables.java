package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.IOException;
import org.jenkinsci.plugins.workflow.support.actions.EnvironmentAction;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** The environment that a step would have if there were a {@code node} directly around it. */
final class NodeVariables {

    private NodeVariables() {}

    /**
     * Puts it together as Pipeline does.
     *
     * @param node what the {@code node} would add
     */
    @NonNull
    static EnvVars of(@NonNull StepContext context, @NonNull EnvVars node) throws IOException, InterruptedException {
        Run<?, ?> build = context.get(Run.class);
        TaskListener listener = StepLog.of(context);
        EnvironmentAction changed = build.getAction(EnvironmentAction.class);
        EnvVars own = changed == null ? build.getEnvironment(listener) : changed.getEnvironment();
        return EnvironmentExpander.getEffectiveEnvironment(
                own, node, context.get(EnvironmentExpander.class), context, listener);
    }
}
