package org.jenkinsci.plugins.workflow.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionList;
import hudson.model.Descriptor;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.structs.describable.UninstantiatedDescribable;

/** What a step is called, what it needs around it, and how its arguments make a {@link Step}. */
public abstract class StepDescriptor extends Descriptor<Step> {

    /** The types that {@link StepContext#get} must know for the step to run. */
    public abstract Set<? extends Class<?>> getRequiredContext();

    /** The types that the step adds for its body. */
    public Set<? extends Class<?>> getProvidedContext() {
        return Set.of();
    }

    /** The name in the script. */
    public abstract String getFunctionName();

    /** Whether the step takes a closure after its arguments. */
    public boolean takesImplicitBlockArgument() {
        return false;
    }

    public boolean isAdvanced() {
        return false;
    }

    public Step newInstance(Map<String, Object> arguments) throws Exception {
        return DescribableModel.of(clazz).instantiate(arguments);
    }

    /** What views show of the arguments; here there are none. */
    public @CheckForNull String argumentsToString(Map<String, Object> namedArgs) {
        return null;
    }

    /** What makes such a step, for the snippet generator. */
    public UninstantiatedDescribable uninstantiate(Step step) throws UnsupportedOperationException {
        throw new UnsupportedOperationException();
    }

    /** @throws MissingContextVariableException if what the step requires is not there */
    public final void checkContextAvailability(StepContext c)
            throws MissingContextVariableException, IOException, InterruptedException {
        for (Class<?> type : getRequiredContext()) {
            if (c.get(type) == null) {
                throw new MissingContextVariableException(type, this);
            }
        }
    }

    public static ExtensionList<StepDescriptor> all() {
        return ExtensionList.lookup(StepDescriptor.class);
    }

    public static @CheckForNull StepDescriptor byFunctionName(String name) {
        return all().stream()
                .filter(descriptor -> descriptor.getFunctionName().equals(name))
                .findFirst()
                .orElse(null);
    }
}
