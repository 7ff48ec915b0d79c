package org.jenkinsci.plugins.workflow.cps;

import com.cloudbees.groovy.cps.Continuable;
import com.cloudbees.groovy.cps.Outcome;
import com.cloudbees.groovy.cps.impl.ConstantBlock;
import com.cloudbees.groovy.cps.impl.CpsCallableInvocation;
import com.cloudbees.groovy.cps.impl.ThrowBlock;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import groovy.lang.Closure;
import org.jenkinsci.plugins.workflow.graph.BlockStartNode;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/** A green thread: the script itself, or the body of a step. For the CPS thread only. */
public final class CpsThread {

    private static final ThreadLocal<CpsThread> CURRENT = new ThreadLocal<>();

    private final CpsThreadGroup group;
    private final Continuable program;
    private final CpsThread parent;
    private final Object head;
    private final BlockStartNode enclosing;
    private final ContextVariables variables;
    private final Completion completion;

    /** What the program waits for; null while it runs, or before it does. */
    private StepExecution step;
    /** What an interruption put in the place of the first outcome. */
    private Throwable interruption;

    CpsThread(
            CpsThreadGroup group,
            Continuable program,
            CpsThread parent,
            Object head,
            BlockStartNode enclosing,
            ContextVariables variables,
            Completion completion) {
        this.group = group;
        this.program = program;
        this.parent = parent;
        this.head = head;
        this.enclosing = enclosing;
        this.variables = variables;
        this.completion = completion;
    }

    /** A program that calls the closure without arguments. */
    static Continuable call(Closure<?> closure) {
        return new Continuable((environment, continuation) -> {
            try {
                return continuation.receive(closure.call());
            } catch (CpsCallableInvocation invocation) {
                return invocation.invoke(environment, null, continuation);
            } catch (Throwable failure) {
                return new ThrowBlock(new ConstantBlock(failure)).eval(environment, continuation);
            }
        });
    }

    /** The green thread that runs now, or null on any other than the CPS thread. */
    public static @CheckForNull CpsThread current() {
        return CURRENT.get();
    }

    public CpsThreadGroup getGroup() {
        return group;
    }

    /** The step that the program waits for. */
    public @CheckForNull StepExecution getStep() {
        return step;
    }

    void setStep(StepExecution step) {
        this.step = step;
    }

    /** The body that it runs, or null for the script itself. */
    BlockStartNode enclosing() {
        return enclosing;
    }

    /** What it grows at: a thread shares it with the thread whose step's body it is, unless several bodies run at once. */
    Object head() {
        return head;
    }

    ContextVariables variables() {
        return variables;
    }

    boolean isWithin(CpsThread outer) {
        for (CpsThread thread = this; thread != null; thread = thread.parent) {
            if (thread == outer) {
                return true;
            }
        }
        return false;
    }

    /** Runs the program, to which the step that it waited for returns or throws this, until it waits or ends. */
    void resume(Outcome outcome) {
        step = null;
        Outcome given = interruption == null ? outcome : new Outcome(null, interruption);
        interruption = null;
        Outcome end;
        CpsThread outer = CURRENT.get();
        CURRENT.set(this);
        try {
            end = program.run0(given);
            if (program.isResumable()) {
                return;
            }
        } catch (Throwable defect) {
            end = new Outcome(null, defect);
        } finally {
            CURRENT.set(outer);
        }
        group.remove(this);
        completion.accept(end);
    }

    /** Stops the step that the program waits for, or else has the program fail as soon as it goes on. */
    void stop(Throwable cause) {
        StepExecution waitedFor = step;
        if (waitedFor == null) {
            interruption = cause;
            return;
        }
        try {
            waitedFor.stop(cause);
        } catch (Exception failure) {
            cause.addSuppressed(failure);
            waitedFor.getContext().onFailure(cause);
        }
    }
}
