package org.jenkinsci.plugins.workflow.cps;

import org.jenkinsci.plugins.workflow.graph.BlockStartNode;

/** One call of a step, or one run of its body. */
final class StepFlowNode extends BlockStartNode {

    private final String functionName;
    private final String displayName;

    StepFlowNode(String id, BlockStartNode enclosing, String functionName, String displayName) {
        super(id, enclosing);
        this.functionName = functionName;
        this.displayName = displayName;
    }

    @Override
    protected String getTypeDisplayName() {
        return displayName;
    }

    @Override
    protected String getTypeFunctionName() {
        return functionName;
    }
}
