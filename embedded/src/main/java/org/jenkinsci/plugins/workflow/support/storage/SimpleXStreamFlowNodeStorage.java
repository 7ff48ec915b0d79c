package org.jenkinsci.plugins.workflow.support.storage;

import hudson.util.XStream2;

/** Names what a graph is written with; here none is. */
public class SimpleXStreamFlowNodeStorage extends FlowNodeStorage {

    public static final XStream2 XSTREAM = new XStream2();
}
