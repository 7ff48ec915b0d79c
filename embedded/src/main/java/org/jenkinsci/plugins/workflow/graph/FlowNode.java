package org.jenkinsci.plugins.workflow.graph;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Actionable;
import hudson.model.Saveable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jenkinsci.plugins.workflow.actions.LabelAction;

/** A step of a build, as stage views see it. Thread safe. */
public abstract class FlowNode extends Actionable implements Saveable {

    private final String id;
    private final BlockStartNode enclosing;

    protected FlowNode(String id, @CheckForNull BlockStartNode enclosing) {
        this.id = id;
        this.enclosing = enclosing;
    }

    public String getId() {
        return id;
    }

    /** The blocks around it, the innermost first. */
    public Iterable<BlockStartNode> iterateEnclosingBlocks() {
        List<BlockStartNode> blocks = new ArrayList<>();
        for (BlockStartNode block = enclosing; block != null; block = block.enclosing()) {
            blocks.add(block);
        }
        return blocks;
    }

    final BlockStartNode enclosing() {
        return enclosing;
    }

    @Override
    public String getDisplayName() {
        LabelAction label = getAction(LabelAction.class);
        return label == null ? getTypeDisplayName() : label.getDisplayName();
    }

    public String getDisplayFunctionName() {
        return getTypeFunctionName();
    }

    protected abstract String getTypeDisplayName();

    protected String getTypeFunctionName() {
        return getTypeDisplayName();
    }

    @Override
    public void save() throws IOException {}

    @Override
    public boolean equals(Object other) {
        return other instanceof FlowNode that && id.equals(that.id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[id=" + id + "]";
    }
}
