package io.jenkins.plugins.concurrency.embedded.steps;

import hudson.EnvVars;
import hudson.Extension;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Computer;
import hudson.model.Executor;
import hudson.model.Node;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.slaves.WorkspaceList;
import io.jenkins.plugins.concurrency.embedded.EmbeddedRun;
import io.jenkins.plugins.concurrency.embedded.WorkspaceLease;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.actions.QueueItemAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.AbstractStepExecutionImpl;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.support.steps.ExecutorStepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/**
 * <code>node { ... }</code> works in a workspace on this machine, whichever label is asked for. When its body has ended
 * it ends the processes that still carry the cookie of this node in their environment.
 */
public final class NodeStep extends Step {

    /** The environment variable that marks the processes of one use of a node. */
    public static final String COOKIE = "JENKINS_NODE_COOKIE";

    @DataBoundConstructor
    public NodeStep(String label) {}

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(context);
    }

    private static final class Execution extends AbstractStepExecutionImpl {
        private static final long serialVersionUID = 1L;
        private final String cookie = UUID.randomUUID().toString();
        private transient Queue.Task task;
        private transient Executor executor;
        private transient WorkspaceLease lease;
        private transient EmbeddedRun run;
        private transient Launcher launcher;

        Execution(StepContext context) {
            super(context);
        }

        @Override
        public boolean start() throws Exception {
            task = new ExecutorStepExecution.PlaceholderTask(getContext());
            getContext().get(FlowNode.class).addAction(new Place(task));
            Queue.getInstance().embeddedSchedule(task, this::begin);
            return false;
        }

        private void begin(Executor given) {
            executor = given;
            try {
                enter();
            } catch (Exception e) {
                executor.embeddedRelease();
                getContext().onFailure(e);
            }
        }

        @Override
        public void stop(Throwable cause) throws Exception {
            Queue.getInstance().cancel(task);
            super.stop(cause);
        }

        private void enter() throws Exception {
            TaskListener listener = getContext().get(TaskListener.class);
            run = (EmbeddedRun) getContext().get(Run.class);
            lease = WorkspaceLease.take(run.workspace());
            FilePath workspace = new FilePath(lease.directory());
            workspace.mkdirs();
            Node node = Jenkins.get();
            Computer computer = node.toComputer();
            launcher = node.createLauncher(listener);
            run.cookies().add(cookie);
            listener.getLogger().println("Running on " + node.getDisplayName() + " in " + workspace);
            getContext()
                    .newBodyInvoker()
                    .withContexts(computer, workspace, launcher, environment(computer, workspace, listener))
                    .withCallback(new Leave())
                    .start();
        }

        private EnvVars environment(Computer computer, FilePath workspace, TaskListener listener) throws Exception {
            EnvVars variables = computer.getEnvironment();
            variables.overrideAll(computer.buildEnvironment(listener));
            variables.put(COOKIE, cookie);
            variables.put("NODE_NAME", "built-in");
            variables.put("NODE_LABELS", "built-in");
            variables.put("EXECUTOR_NUMBER", "0");
            variables.put("WORKSPACE", workspace.getRemote());
            variables.put("WORKSPACE_TMP", WorkspaceList.tempDir(workspace).getRemote());
            return variables;
        }

        /** Runs on the CPS thread; ending processes takes time, which is another thread's. */
        private final class Leave extends BodyExecutionCallback {
            private static final long serialVersionUID = 1L;

            @Override
            public void onSuccess(StepContext context, Object result) {
                Computer.threadPoolForRemoting.execute(() -> {
                    leave();
                    context.onSuccess(result);
                });
            }

            @Override
            public void onFailure(StepContext context, Throwable failure) {
                Computer.threadPoolForRemoting.execute(() -> {
                    leave();
                    context.onFailure(failure);
                });
            }
        }

        private void leave() {
            try {
                launcher.kill(Map.of(COOKIE, cookie));
            } catch (Exception e) {
                run.report(e);
            } finally {
                run.cookies().remove(cookie);
                lease.close();
                executor.embeddedRelease();
            }
        }
    }

    /** Where a block waits. */
    private static final class Place extends QueueItemAction {
        private final Queue.Task task;

        Place(Queue.Task task) {
            this.task = task;
        }

        @Override
        public Queue.Item itemInQueue() {
            return Queue.getInstance().getItem(task);
        }
    }

    @Extension
    public static final class DescriptorImpl extends Signature.Block {
        public DescriptorImpl() {
            super("node", Run.class, TaskListener.class);
        }

        @Override
        public Set<? extends Class<?>> getProvidedContext() {
            return Set.of(Computer.class, FilePath.class, EnvVars.class, Node.class, Launcher.class);
        }
    }
}
