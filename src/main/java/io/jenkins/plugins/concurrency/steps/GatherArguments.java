package io.jenkins.plugins.concurrency.steps;

import groovy.lang.Closure;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jenkinsci.plugins.structs.describable.DescribableModel;

/**
 * Tells the branches of a call from its parameters: <code>gather branches: [a: { … }], concurrency: 2</code> and, as
 * {@code parallel} is called, <code>gather a: { … }, concurrency: 2</code> or <code>gather([a: { … }])</code>.
 */
final class GatherArguments {

    private static final String BRANCHES = "branches";

    private GatherArguments() {}

    /** @throws WrongArgumentException if an argument is neither a branch nor a parameter, or of a wrong type */
    static GatherStep bind(Map<String, Object> arguments) throws WrongArgumentException {
        Map<String, Object> closures = new LinkedHashMap<>();
        Map<String, Object> parameters = new LinkedHashMap<>();
        arguments.forEach((name, value) -> (value instanceof Closure ? closures : parameters).put(name, value));
        if (!closures.isEmpty() && parameters.containsKey(BRANCHES)) {
            throw new WrongArgumentException(
                    GatherStep.DescriptorImpl.FUNCTION, "branches are given both in 'branches' and beside it");
        }
        new StepParameters(GatherStep.DescriptorImpl.FUNCTION, GatherStep.class).check(parameters);
        Object branches = closures.isEmpty() ? parameters.remove(BRANCHES) : closures;
        GatherStep step = (GatherStep) DescribableModel.of(GatherStep.class).instantiate(parameters);
        step.setBranches(branches);
        return step;
    }
}
