package org.jenkinsci.plugins.workflow.cps;

import com.cloudbees.groovy.cps.SerializableScript;
import groovy.lang.MissingPropertyException;
import hudson.EnvVars;
import io.jenkins.plugins.concurrency.embedded.script.StepCaller;
import java.io.IOException;
import org.codehaus.groovy.runtime.InvokerHelper;

/** The class of a Pipeline script. What a script calls and does not define itself is a step. */
public abstract class CpsScript extends SerializableScript {

    private static final long serialVersionUID = 1L;

    /** The name under which scripts may refer to the steps themselves: {@code steps.echo 'x'}. */
    public static final String STEPS = "steps";
    /** The name of the environment. */
    public static final String ENV = "env";

    public CpsScript() throws IOException {}

    private StepCaller steps() {
        return (StepCaller) getBinding().getVariable(STEPS);
    }

    @Override
    public final Object invokeMethod(String name, Object arguments) {
        if (getBinding().hasVariable(name)) {
            Object value = getBinding().getVariable(name);
            Object[] array = InvokerHelper.asArray(arguments);
            if (!InvokerHelper.getMetaClass(value).respondsTo(value, "call", array).isEmpty()) {
                return InvokerHelper.getMetaClass(value).invokeMethod(value, "call", array);
            }
        }
        return steps().invokeMethod(name, arguments);
    }

    /** A variable of the script, or else of the environment. */
    @Override
    public Object getProperty(String name) {
        try {
            return super.getProperty(name);
        } catch (MissingPropertyException e) {
            EnvVars environment = steps().environment();
            if (environment.containsKey(name)) {
                return environment.get(name);
            }
            throw e;
        }
    }

    @Override
    public void println() {
        invokeMethod("echo", new Object[] {""});
    }

    @Override
    public void println(Object value) {
        invokeMethod("echo", new Object[] {String.valueOf(value)});
    }

    @Override
    public void print(Object value) {
        println(value);
    }

    @Override
    public void printf(String format, Object value) {
        println(String.format(format, value));
    }

    @Override
    public void printf(String format, Object[] values) {
        println(String.format(format, values));
    }

    /** Groovy's own {@code sleep} would block the CPS thread. */
    public Object sleep(long seconds) {
        return invokeMethod("sleep", new Object[] {seconds});
    }
}
