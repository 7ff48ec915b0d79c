package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jenkinsci.plugins.workflow.actions.ErrorAction;
import org.jenkinsci.plugins.workflow.actions.ThreadNameAction;
import org.jenkinsci.plugins.workflow.actions.TimingAction;
import org.jenkinsci.plugins.workflow.actions.WarningAction;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.graph.BlockEndNode;
import org.jenkinsci.plugins.workflow.graph.BlockStartNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;
import org.jenkinsci.plugins.workflow.graphanalysis.ForkScanner;
import org.jenkinsci.plugins.workflow.graphanalysis.StandardChunkVisitor;

/** For tests: the branches that a visitor of the graph is told of, as views are. */
final class GraphBranches extends StandardChunkVisitor {

    private final Map<String, BlockStartNode> starts = new TreeMap<>();
    private final List<FlowNode> nodes;

    private GraphBranches(List<FlowNode> nodes) {
        this.nodes = nodes;
    }

    static GraphBranches of(FlowExecution execution) {
        GraphBranches branches = new GraphBranches(new DepthFirstScanner().allNodes(execution));
        ForkScanner.visitSimpleChunks(execution.getCurrentHeads(), branches, new AnyChunk());
        return branches;
    }

    @Override
    public void parallelBranchStart(FlowNode parallel, FlowNode branch, ForkScanner scanner) {
        String name = branch.getPersistentAction(ThreadNameAction.class).getThreadName();
        if (starts.put(name, (BlockStartNode) branch) != null) {
            throw new AssertionError(name + " is there twice");
        }
    }

    /** Label, name and status of each, in the order of the names. */
    List<String> described() {
        List<String> all = new ArrayList<>();
        starts.forEach((name, start) -> all.add(start.getDisplayName() + "/" + name + status(start)));
        return Collections.unmodifiableList(all);
    }

    private String status(BlockStartNode start) {
        ErrorAction error = end(start).getPersistentAction(ErrorAction.class);
        if (error != null) {
            return " ERROR " + error.getError().getMessage();
        }
        return nodes.stream()
                .filter(node -> node.getEnclosingBlocks().contains(start))
                .map(node -> node.getPersistentAction(WarningAction.class))
                .filter(warning -> warning != null)
                .map(warning -> " " + warning.getResult() + " " + warning.getMessage())
                .findFirst()
                .orElse("");
    }

    private BlockEndNode<?> end(BlockStartNode start) {
        return (BlockEndNode<?>) nodes.stream()
                .filter(node -> node instanceof BlockEndNode<?> end && end.getStartNode().equals(start))
                .findFirst()
                .orElseThrow();
    }

    /** Whether for each it is known when it began and ended. */
    boolean allTimed() {
        return starts.values().stream()
                .allMatch(start -> TimingAction.getStartTime(start) > 0
                        && TimingAction.getStartTime(end(start)) >= TimingAction.getStartTime(start));
    }

    /** No node is a chunk: of interest are the branches only. */
    private static final class AnyChunk implements org.jenkinsci.plugins.workflow.graphanalysis.ChunkFinder {
        @Override
        public boolean isStartInsideChunk() {
            return true;
        }

        @Override
        public boolean isChunkStart(FlowNode current, @CheckForNull FlowNode previous) {
            return false;
        }

        @Override
        public boolean isChunkEnd(FlowNode current, @CheckForNull FlowNode previous) {
            return false;
        }
    }
}
