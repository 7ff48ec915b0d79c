package io.jenkins.plugins.concurrency.embedded.steps;

import hudson.AbortException;
import hudson.Extension;
import hudson.Util;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/** <code>stage('name') { ... }</code> names a part of the build. */
public final class StageStep extends Step {

    private final String name;

    @DataBoundConstructor
    public StageStep(String name) {
        this.name = Util.fixEmptyAndTrim(name);
    }

    @Override
    public StepExecution start(StepContext context) throws Exception {
        if (name == null) {
            throw new AbortException("stage: parameter 'name' is missing");
        }
        EnvironmentExpander outer = context.get(EnvironmentExpander.class);
        return new BodyStepExecution(context, name, EnvironmentExpander.merge(
                outer, EnvironmentExpander.constant(Map.of("STAGE_NAME", name))));
    }

    @Extension
    public static final class DescriptorImpl extends Signature.Block {
        public DescriptorImpl() {
            super("stage");
        }
    }
}
