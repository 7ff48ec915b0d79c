package io.jenkins.plugins.concurrency.embedded.steps;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.Extension;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/** <code>withEnv(['A=b', 'PATH+X=/opt/x']) { ... }</code> changes the environment. */
public final class WithEnvStep extends Step {

    private final List<String> overrides;

    @DataBoundConstructor
    public WithEnvStep(List<String> overrides) {
        this.overrides = overrides;
    }

    @Override
    public StepExecution start(StepContext context) throws Exception {
        if (overrides == null) {
            throw new AbortException("withEnv: parameter 'overrides' is missing");
        }
        Map<String, String> variables = new LinkedHashMap<>();
        for (String override : overrides) {
            int equals = override.indexOf('=');
            if (equals <= 0) {
                throw new AbortException("withEnv: expects NAME=value but got '" + override + "'");
            }
            variables.put(override.substring(0, equals), override.substring(equals + 1));
        }
        EnvironmentExpander outer = context.get(EnvironmentExpander.class);
        return new BodyStepExecution(context, null, EnvironmentExpander.merge(outer, new Overrides(variables)));
    }

    private static final class Overrides extends EnvironmentExpander {
        private static final long serialVersionUID = 1L;
        private final LinkedHashMap<String, String> variables;

        Overrides(Map<String, String> variables) {
            this.variables = new LinkedHashMap<>(variables);
        }

        @Override
        public void expand(EnvVars env) {
            env.overrideExpandingAll(variables);
        }
    }

    @Extension
    public static final class DescriptorImpl extends Signature.Block {
        public DescriptorImpl() {
            super("withEnv");
        }
    }
}
