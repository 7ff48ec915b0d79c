package hudson.slaves;

import hudson.model.Descriptor;

/** Metadata of a {@link NodeProperty} class. */
public abstract class NodePropertyDescriptor extends Descriptor<NodeProperty<?>> {}
