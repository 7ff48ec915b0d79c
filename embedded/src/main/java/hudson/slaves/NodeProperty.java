package hudson.slaves;

import hudson.ExtensionPoint;
import hudson.model.Describable;
import hudson.model.Node;

/** A setting of a node that a plugin brings; the only node here has none. */
public abstract class NodeProperty<N extends Node> implements Describable<NodeProperty<?>>, ExtensionPoint {

    @Override
    public NodePropertyDescriptor getDescriptor() {
        return (NodePropertyDescriptor) Describable.super.getDescriptor();
    }
}
