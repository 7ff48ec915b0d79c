package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.AbortException;
import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.concurrency.nodes.NodeBlocks;
import java.io.Serializable;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/** The work of a step with a {@code label} on several nodes. Such a step calls this itself. */
public final class DistributedWorkStep extends Step {

    /** The name of an argument, a {@link Task}. */
    static final String TASK = "task";

    /** The name of an argument, {@link NodeBlocks}. */
    static final String NODES = "nodes";

    /** The name of an argument: the name of the step whose work it is. Graph views show it. */
    static final String NAME = "name";

    /** What to do. Program state may contain it until the step starts, but then without its content. */
    static final class Task implements Serializable {
        private static final long serialVersionUID = 1;

        private final transient RunPlan plan;

        /** The build whose results are reused; {@code null} for none. */
        @SuppressFBWarnings(value = "SE_TRANSIENT_FIELD_NOT_RESTORED", justification = "without the plan nothing starts")
        private final transient EarlierBuild earlier;

        Task(RunPlan plan, @CheckForNull EarlierBuild earlier) {
            this.plan = plan;
            this.earlier = earlier;
        }
    }

    private final Task task;
    private final NodeBlocks nodes;

    private DistributedWorkStep(Task task, NodeBlocks nodes) {
        this.task = task;
        this.nodes = nodes;
    }

    @Override
    public StepExecution start(StepContext context) throws AbortException {
        if (task.plan == null) {
            throw new AbortException("Jenkins stopped before the step had started, and its work is not known any more; run the build again");
        }
        return new RunStepExecution(context, task.plan, nodes, task.earlier);
    }

    @Extension
    public static final class DescriptorImpl extends StepDescriptor {

        /** The step's function name. */
        static final String FUNCTION = "distributedWork";

        @Override
        public String getFunctionName() {
            return FUNCTION;
        }

        @Override
        public String getDisplayName() {
            return Messages.DistributedWorkStep_DisplayName();
        }

        @Override
        @CheckForNull
        public String argumentsToString(Map<String, Object> arguments) {
            return arguments.get(NAME) instanceof String name ? name : null;
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class);
        }

        @Override
        public boolean isAdvanced() {
            return true;
        }

        @Override
        public Step newInstance(Map<String, Object> arguments) {
            if (arguments.get(TASK) instanceof Task task && arguments.get(NODES) instanceof NodeBlocks nodes) {
                return new DistributedWorkStep(task, nodes);
            }
            throw new IllegalArgumentException(FUNCTION + " is for steps with a label, which call it themselves");
        }
    }
}
