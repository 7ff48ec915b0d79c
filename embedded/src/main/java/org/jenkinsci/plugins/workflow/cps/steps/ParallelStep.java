package org.jenkinsci.plugins.workflow.cps.steps;

import groovy.lang.Closure;
import hudson.AbortException;
import hudson.Extension;
import hudson.model.Result;
import hudson.model.TaskListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.workflow.actions.LabelAction;
import org.jenkinsci.plugins.workflow.actions.ThreadNameAction;
import org.jenkinsci.plugins.workflow.cps.CpsStepContext;
import org.jenkinsci.plugins.workflow.cps.CpsThread;
import org.jenkinsci.plugins.workflow.steps.BodyExecution;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * <code>parallel a: { ... }, b: { ... }, failFast: true</code> runs branches side by side, waits for all of them and
 * returns what each returned. If branches failed it throws the first failure.
 */
public class ParallelStep extends Step {

    private final Map<String, Object> arguments;

    private ParallelStep(Map<String, Object> arguments) {
        this.arguments = arguments;
    }

    @Override
    public StepExecution start(StepContext context) throws Exception {
        Map<String, Closure<?>> branches = new LinkedHashMap<>();
        boolean failFast = false;
        for (Map.Entry<String, Object> argument : arguments.entrySet()) {
            if (argument.getValue() instanceof Closure<?> branch) {
                branches.put(argument.getKey(), branch);
            } else if (argument.getKey().equals("failFast") && argument.getValue() instanceof Boolean flag) {
                failFast = flag;
            } else {
                throw new AbortException("parallel: expects closures and failFast, but '" + argument.getKey() + "' is "
                        + argument.getValue());
            }
        }
        return new Execution((CpsStepContext) context, branches, failFast);
    }

    private static final class Execution extends StepExecution {
        private static final long serialVersionUID = 1L;
        private final transient Map<String, Closure<?>> branches;
        private final boolean failFast;

        // For the CPS thread only:
        private final transient List<BodyExecution> bodies = new ArrayList<>();
        private final transient Map<String, Object> results = new LinkedHashMap<>();
        private int running;
        private transient Throwable failure;

        Execution(CpsStepContext context, Map<String, Closure<?>> branches, boolean failFast) {
            super(context);
            this.branches = branches;
            this.failFast = failFast;
            this.running = branches.size();
        }

        @Override
        public boolean start() throws Exception {
            if (branches.isEmpty()) {
                log("No branches to run");
                getContext().onSuccess(results);
                return true;
            }
            CpsStepContext context = (CpsStepContext) getContext();
            CpsThread thread = CpsThread.current();
            for (Map.Entry<String, Closure<?>> branch : branches.entrySet()) {
                results.put(branch.getKey(), null);
                bodies.add(context.newBodyInvoker(thread.getGroup().export(branch.getValue()), true)
                        .withStartAction(new BranchLabel(branch.getKey()))
                        .withCallback(new Branch(branch.getKey()))
                        .start());
            }
            return false;
        }

        @Override
        public void stop(Throwable cause) {
            bodies.forEach(body -> body.cancel(cause));
        }

        private void log(String line) {
            try {
                getContext().get(TaskListener.class).getLogger().println(line);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private void ended() {
            running--;
            if (running > 0) {
                return;
            } else if (failure == null) {
                getContext().onSuccess(results);
            } else {
                getContext().onFailure(failure);
            }
        }

        private void failed(String branch, Throwable thrown) {
            log("Failed in branch " + branch);
            if (failure != null) {
                if (failure != thrown) {
                    failure.addSuppressed(thrown);
                }
                return;
            }
            failure = thrown;
            if (failFast) {
                stop(new FlowInterruptedException(Result.ABORTED, false, new FailedFast(branch)));
            }
        }

        private final class Branch extends BodyExecutionCallback {
            private static final long serialVersionUID = 1L;
            private final String name;

            Branch(String name) {
                this.name = name;
            }

            @Override
            public void onSuccess(StepContext context, Object result) {
                results.put(name, result);
                ended();
            }

            @Override
            public void onFailure(StepContext context, Throwable thrown) {
                failed(name, thrown);
                ended();
            }
        }
    }

    /** Names a branch. */
    private static final class BranchLabel extends LabelAction implements ThreadNameAction {
        private final String branch;

        BranchLabel(String branch) {
            super("Branch: " + branch);
            this.branch = branch;
        }

        @Override
        public String getThreadName() {
            return branch;
        }
    }

    /** Another branch failed, and {@code failFast} was set. */
    public static final class FailedFast extends CauseOfInterruption {
        private static final long serialVersionUID = 1L;
        private final String branch;

        FailedFast(String branch) {
            this.branch = branch;
        }

        @Override
        public String getShortDescription() {
            return "Failed in branch " + branch;
        }
    }

    /** Of {@code parallel}, and of steps that run closures side by side as it does. */
    @Extension
    public static class DescriptorImpl extends StepDescriptor {

        @Override
        public String getFunctionName() {
            return "parallel";
        }

        @Override
        public String getDisplayName() {
            return "parallel";
        }

        @Override
        public Set<Class<?>> getRequiredContext() {
            return Set.of(TaskListener.class);
        }

        @Override
        public Step newInstance(Map<String, Object> arguments) {
            return new ParallelStep(arguments);
        }
    }
}
