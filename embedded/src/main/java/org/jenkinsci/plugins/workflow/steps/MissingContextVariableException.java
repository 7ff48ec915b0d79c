package org.jenkinsci.plugins.workflow.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;
import java.util.stream.Collectors;

/** A step was called outside what it has to be in. */
public class MissingContextVariableException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Class<?> type;
    private final transient @CheckForNull StepDescriptor step;

    public MissingContextVariableException(Class<?> type) {
        this(type, null);
    }

    public MissingContextVariableException(Class<?> type, @CheckForNull StepDescriptor d) {
        this.type = type;
        this.step = d;
    }

    /** The steps that would help. */
    public List<StepDescriptor> getProviders() {
        return StepDescriptor.all().stream()
                .filter(descriptor -> descriptor.getProvidedContext().stream().anyMatch(type::isAssignableFrom))
                .collect(Collectors.toList());
    }

    @Override
    public String getMessage() {
        String message = "Required context " + type + " is missing";
        List<StepDescriptor> providers = getProviders();
        if (providers.isEmpty()) {
            return message;
        }
        return message + "\nPerhaps you forgot to surround the "
                + (step == null ? "" : step.getFunctionName() + " ")
                + "step with a step that provides this, such as: "
                + providers.stream()
                        .map(StepDescriptor::getFunctionName)
                        .sorted()
                        .collect(Collectors.joining(", "));
    }
}
