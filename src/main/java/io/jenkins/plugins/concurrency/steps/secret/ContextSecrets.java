package io.jenkins.plugins.concurrency.steps.secret;

import hudson.EnvVars;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * The secrets in a step's environment from what encloses it: {@code withCredentials}, password parameters.
 *
 * @param names the variables
 * @param mask hides their values
 */
public record ContextSecrets(List<String> names, SecretMask mask) {

    public static ContextSecrets of(StepContext context) throws IOException, InterruptedException {
        EnvironmentExpander expander = context.get(EnvironmentExpander.class);
        Set<String> names = expander == null ? Set.of() : expander.getSensitiveVariables();
        if (names.isEmpty()) {
            return new ContextSecrets(List.of(), SecretMask.NONE);
        }
        EnvVars environment = context.get(EnvVars.class);
        return new ContextSecrets(names.stream().sorted().toList(), SecretMask.of(names, environment::get));
    }
}
