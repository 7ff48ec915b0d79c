package org.jenkinsci.plugins.workflow.cps;

import org.jenkinsci.plugins.workflow.graph.FlowNode;

/** One call of a step. */
final class StepFlowNode extends FlowNode {

    private final String functionName;
    private final String displayName;

    StepFlowNode(String id, String functionName, String displayName) {
        super(id);
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
