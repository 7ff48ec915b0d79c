package io.jenkins.plugins.concurrency.nodes;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.TaskListener;
import hudson.slaves.WorkspaceList;
import java.io.IOException;
import jenkins.model.Jenkins;

/** The variables that Pipeline's {@code node} sets. */
final class NodeEnvironment {

    private NodeEnvironment() {}

    /**
     * Asks the node.
     *
     * @throws IOException if it is not connected
     */
    @NonNull
    static EnvVars of(@NonNull NodePlace place, @NonNull TaskListener listener) throws IOException, InterruptedException {
        Computer computer = Jenkins.get().getComputer(place.location().node());
        Node node = computer == null ? null : computer.getNode();
        FilePath workspace = node == null ? null : node.createPath(place.workspace());
        if (workspace == null) {
            throw new IOException(place.location().nodeText() + " is not connected");
        }
        EnvVars variables = computer.getEnvironment();
        variables.overrideExpandingAll(computer.buildEnvironment(listener));
        String name = node.getNodeName();
        variables.put("NODE_NAME", name.isEmpty() ? node.getSelfLabel().getName() : name);
        variables.put("EXECUTOR_NUMBER", String.valueOf(place.executor()));
        variables.put("NODE_LABELS", labels(node));
        variables.put("WORKSPACE", workspace.getRemote());
        FilePath temporary = WorkspaceList.tempDir(workspace);
        if (temporary != null) {
            variables.put("WORKSPACE_TMP", temporary.getRemote());
        }
        return variables;
    }

    private static String labels(Node node) {
        StringBuilder labels = new StringBuilder();
        node.getAssignedLabels().forEach(label -> labels.append(labels.isEmpty() ? "" : " ").append(label.getName()));
        return labels.toString();
    }
}
