package io.jenkins.plugins.concurrency.embedded.steps;

import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;

/** What the runtime's own steps have to say of themselves. */
abstract class Signature extends StepDescriptor {

    private final String functionName;
    private final boolean block;
    private final Set<Class<?>> required;

    private Signature(String functionName, boolean block, Class<?>... required) {
        this.functionName = functionName;
        this.block = block;
        this.required = Set.of(required);
    }

    /** A step without a body. */
    abstract static class Atom extends Signature {
        Atom(String functionName, Class<?>... required) {
            super(functionName, false, required);
        }
    }

    /** A step with a body. */
    abstract static class Block extends Signature {
        Block(String functionName, Class<?>... required) {
            super(functionName, true, required);
        }
    }

    @Override
    public String getFunctionName() {
        return functionName;
    }

    @Override
    public String getDisplayName() {
        return functionName;
    }

    @Override
    public boolean takesImplicitBlockArgument() {
        return block;
    }

    @Override
    public Set<? extends Class<?>> getRequiredContext() {
        return required;
    }
}
