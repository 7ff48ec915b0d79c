package io.jenkins.plugins.concurrency.embedded.script;

import groovy.lang.GroovyObjectSupport;
import hudson.EnvVars;
import io.jenkins.plugins.concurrency.embedded.EmbeddedRun;

/** The script's {@code env}: reads what steps would see here, and assigns for the rest of the build. */
public final class EnvVariable extends GroovyObjectSupport {

    private final EmbeddedRun run;
    private final StepCaller steps;

    EnvVariable(EmbeddedRun run, StepCaller steps) {
        this.run = run;
        this.steps = steps;
    }

    @Override
    public Object getProperty(String name) {
        return getEnvironment().get(name);
    }

    @Override
    public void setProperty(String name, Object value) {
        run.setGlobal(name, value == null ? "" : value.toString());
    }

    public Object getAt(String name) {
        return getProperty(name);
    }

    public void putAt(String name, Object value) {
        setProperty(name, value);
    }

    public EnvVars getEnvironment() {
        return steps.environment();
    }
}
