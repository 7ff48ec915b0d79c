package io.jenkins.plugins.concurrency.nodes;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.TaskListener;
import io.jenkins.plugins.concurrency.agent.NodeAllowance;
import io.jenkins.plugins.concurrency.agent.RunLocation;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;
import java.io.IOException;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.flow.StashManager;

/** Prepares a node for its node run. Waits for the agent. */
final class NodePreparation {

    private NodePreparation() {}

    /**
     * Prepares the node.
     *
     * @param environment what commands see there
     * @return the location, with its width
     * @throws AbortException if no node can do the work
     * @throws IOException if this node can't, in one line
     */
    static NodeLocation prepare(NodeRun.Common common, NodeLocation place, RunSpec spec, EnvVars environment)
            throws IOException, InterruptedException {
        TaskListener listener = common.observer().listener();
        RunLocation location = place.location();
        String problem = location.javaProblem();
        if (problem != null) {
            throw new IOException("can't start a process for the work there: " + problem);
        }
        NodeAllowance allowance = NodeAllowance.of(location.node());
        String tooLittle = allowance.problem(spec);
        if (tooLittle != null) {
            throw new IOException(tooLittle);
        }
        Computer computer = Jenkins.get().getComputer(location.node());
        Node node = computer == null ? null : computer.getNode();
        FilePath workspace = node == null ? null : node.createPath(place.workspace());
        if (workspace == null) {
            throw new IOException("it is not connected");
        }
        workspace.mkdirs();
        String stash = common.request().stash();
        if (stash != null) {
            Launcher launcher = node.createLauncher(listener);
            StashManager.unstash(common.build(), stash, workspace, launcher, environment, listener);
        }
        return place.withWidth(allowance.width(spec.width(location.processors())));
    }
}
