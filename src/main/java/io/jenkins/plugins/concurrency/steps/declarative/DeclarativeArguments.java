package io.jenkins.plugins.concurrency.steps.declarative;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.steps.BranchStepDescriptor;
import io.jenkins.plugins.concurrency.steps.gather.GatherStep;
import io.jenkins.plugins.concurrency.steps.log.LogText;
import io.jenkins.plugins.concurrency.steps.parameter.StepParameters;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jenkinsci.plugins.pipeline.modeldefinition.ast.ModelASTNamedArgumentList;
import org.jenkinsci.plugins.pipeline.modeldefinition.ast.ModelASTStep;
import org.jenkinsci.plugins.pipeline.modeldefinition.validator.DeclarativeValidatorContributor;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;

/**
 * Checks a call in a Declarative Pipeline as the step itself would. Declarative checks names of parameters before
 * anything runs, and proposes similar ones: for a branch of {@code gather}, that would be {@code name}.
 */
@OptionalExtension(requirePlugins = "pipeline-model-extensions")
public final class DeclarativeArguments extends DeclarativeValidatorContributor {

    /** The beginning of a closure's source, in the form that Declarative stores for arguments that are no constants. */
    private static final String CLOSURE = "${{";

    @Override
    public List<String> validateElementAll(ModelASTStep step, @CheckForNull FlowExecution execution) {
        StepDescriptor descriptor = StepDescriptor.byFunctionName(step.getName());
        boolean gather = descriptor instanceof GatherStep.DescriptorImpl;
        if (!gather && !(descriptor instanceof BranchStepDescriptor)
                || !(step.getArgs() instanceof ModelASTNamedArgumentList given)) {
            return List.of();
        }
        StepParameters parameters = new StepParameters(step.getName(), descriptor.clazz);
        Map<String, ?> arguments = given.argListToMap();
        Stream<String> problems = arguments.keySet().stream()
                .filter(name -> !parameters.has(name))
                .map(name -> {
                    boolean closure = String.valueOf(arguments.get(name)).startsWith(CLOSURE);
                    return closure && gather
                            ? "directly in 'steps' give the branches as branches: [a: { ... }, b: { ... }]"
                            : parameters.unknown(name, closure);
                });
        return problems.distinct().map(problem -> step.getName() + ": " + LogText.line(problem)).toList();
    }
}
