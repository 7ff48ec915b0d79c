package io.jenkins.plugins.concurrency.nodes;

import com.cloudbees.groovy.cps.Block;
import com.cloudbees.groovy.cps.Continuation;
import com.cloudbees.groovy.cps.Env;
import com.cloudbees.groovy.cps.Envs;
import com.cloudbees.groovy.cps.Next;
import com.cloudbees.groovy.cps.impl.CpsCallableInvocation;
import com.cloudbees.groovy.cps.impl.CpsClosure;
import groovy.lang.Closure;
import hudson.model.Run;
import java.io.IOException;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.DSL;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * A call of a step, as the code of a body. Part of a Pipeline's program state. After the call it no longer has the
 * arguments.
 */
public final class StepCall implements Block {

    private static final long serialVersionUID = 1;

    private final DSL steps;
    private final String function;
    private Object[] arguments;

    StepCall(DSL steps, String function, Object... arguments) {
        this.steps = steps;
        this.function = function;
        this.arguments = arguments;
    }

    /** A closure that makes the call and returns what the step returns; can be called once. */
    public static Closure<?> closure(
            StepContext context, String function, Object... arguments) throws IOException, InterruptedException {
        return new StepCall(steps(context), function, arguments).closure();
    }

    /** The object that calls steps in a build. */
    public static DSL steps(StepContext context) throws IOException, InterruptedException {
        return new DSL(((FlowExecutionOwner.Executable) context.get(Run.class)).asFlowExecutionOwner());
    }

    Closure<?> closure() {
        return new CpsClosure(null, null, List.of(), this, Envs.empty());
    }

    @Override
    public Next eval(Env e, Continuation k) {
        Object[] given = arguments;
        arguments = null;
        try {
            return k.receive(steps.invokeMethod(function, given));
        } catch (CpsCallableInvocation suspension) {
            return suspension.invoke(e, null, k);
        } catch (Throwable failure) {
            return e.getExceptionHandler(failure.getClass()).receive(failure);
        }
    }
}
