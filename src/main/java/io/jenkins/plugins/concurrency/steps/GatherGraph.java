package io.jenkins.plugins.concurrency.steps;

import org.jenkinsci.plugins.workflow.actions.ThreadNameAction;
import org.jenkinsci.plugins.workflow.graph.BlockStartNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;

/**
 * Whether graph views can show the branches of a {@code gather} side by side. Each is the branch of a {@code parallel}
 * step of its own, and views put those together that are directly in one stage.
 */
final class GatherGraph {

    /** The step that makes a stage; its plugin need not be there. */
    static final String STAGE = "stage";

    private GatherGraph() {}

    /** Whether the step should open a stage for its branches. */
    static boolean lacksStage(FlowNode step) {
        return !isDirectlyInStage(step) && StepDescriptor.byFunctionName(STAGE) != null;
    }

    private static boolean isDirectlyInStage(FlowNode step) {
        for (BlockStartNode block : step.iterateEnclosingBlocks()) {
            if (block.getAction(ThreadNameAction.class) != null) {
                return false;
            }
            if (STAGE.equals(block.getDisplayFunctionName())) {
                return true;
            }
        }
        return false;
    }
}
