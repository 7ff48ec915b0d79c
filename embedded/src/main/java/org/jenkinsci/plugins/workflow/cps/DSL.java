package org.jenkinsci.plugins.workflow.cps;

import groovy.lang.GroovyObjectSupport;
import io.jenkins.plugins.concurrency.embedded.EmbeddedRun;
import io.jenkins.plugins.concurrency.embedded.script.StepCaller;
import java.io.Serializable;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;

/** Calls steps for Java code that runs on the CPS thread. */
public class DSL extends GroovyObjectSupport implements Serializable {

    private static final long serialVersionUID = 1L;

    private final transient StepCaller steps;

    public DSL(FlowExecutionOwner handle) {
        this.steps = new StepCaller(((EmbeddedRun.Owner) handle).run());
    }

    /** Calls a step; where it does not end at once, the green thread is suspended as when a script calls it. */
    @Override
    public Object invokeMethod(String name, Object args) {
        return steps.invokeMethod(name, args);
    }
}
