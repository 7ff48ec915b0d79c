package org.jenkinsci.plugins.workflow.graph;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/** The beginning of a block: a step that has bodies, or one of these. */
public abstract class BlockStartNode extends FlowNode {

    protected BlockStartNode(String id, @CheckForNull BlockStartNode enclosing) {
        super(id, enclosing);
    }
}
