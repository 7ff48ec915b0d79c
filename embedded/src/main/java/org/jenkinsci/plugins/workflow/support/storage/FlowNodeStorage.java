package org.jenkinsci.plugins.workflow.support.storage;

/** Where the graph of a build is kept; here nowhere. */
public abstract class FlowNodeStorage {}
