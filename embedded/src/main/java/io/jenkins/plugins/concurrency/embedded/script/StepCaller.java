package io.jenkins.plugins.concurrency.embedded.script;

import com.cloudbees.groovy.cps.Continuable;
import com.cloudbees.groovy.cps.Outcome;
import groovy.lang.Closure;
import groovy.lang.GroovyObjectSupport;
import hudson.AbortException;
import hudson.EnvVars;
import io.jenkins.plugins.concurrency.embedded.EmbeddedRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.cps.CpsStepContext;
import org.jenkinsci.plugins.workflow.cps.CpsThread;
import org.jenkinsci.plugins.workflow.cps.steps.ParallelStep;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * Turns the calls of a script into steps: finds the descriptor, binds the arguments, starts the execution, and suspends
 * the script until there is an outcome. For the CPS thread only.
 */
public final class StepCaller extends GroovyObjectSupport {

    private final EmbeddedRun run;

    public StepCaller(EmbeddedRun run) {
        this.run = run;
    }

    /** The environment that a step would see here. */
    public EnvVars environment() {
        try {
            return CpsStepContext.environment(run, CpsThread.current());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Object invokeMethod(String name, Object arguments) {
        StepDescriptor descriptor = StepDescriptor.byFunctionName(name);
        Outcome outcome;
        try {
            if (descriptor == null) {
                throw new AbortException("No such step '" + name + "' in the embedded runtime; it needs a real Jenkins."
                        + " Steps here: " + knownSteps());
            }
            outcome = start(descriptor, StepArguments.of(descriptor, arguments));
        } catch (Exception failure) {
            outcome = new Outcome(null, failure);
        }
        if (outcome == null) {
            return Continuable.suspend(name, null);
        } else if (outcome.isFailure()) {
            throw StepCaller.<RuntimeException>sneaky(outcome.getAbnormal());
        }
        return outcome.getNormal();
    }

    private Outcome start(StepDescriptor descriptor, StepArguments arguments) throws Exception {
        CpsThread thread = CpsThread.current();
        if (thread == null) {
            throw new IllegalStateException("Steps can be called by the script only, not by a thread of its own");
        }
        Closure<?> body = arguments.body();
        boolean needsBody = descriptor.takesImplicitBlockArgument() && !(descriptor instanceof ParallelStep.DescriptorImpl);
        if (body == null && needsBody) {
            throw new AbortException(descriptor.getFunctionName() + ": must be called with a body in braces");
        }
        run.annotate(descriptor.getFunctionName());
        CpsStepContext context = new CpsStepContext(descriptor, thread, body);
        Step step = descriptor.newInstance(arguments.named());
        descriptor.checkContextAvailability(context);
        StepExecution execution = step.start(context);
        return context.start(execution);
    }

    private static String knownSteps() {
        return StepDescriptor.all().stream()
                .map(StepDescriptor::getFunctionName)
                .sorted()
                .collect(Collectors.joining(", "));
    }

    /** The script sees the very exception, checked or not. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E sneaky(Throwable failure) throws E {
        throw (E) failure;
    }
}
