package io.jenkins.plugins.concurrency.steps.gather;

import com.cloudbees.groovy.cps.Block;
import com.cloudbees.groovy.cps.Continuation;
import com.cloudbees.groovy.cps.Env;
import com.cloudbees.groovy.cps.Envs;
import com.cloudbees.groovy.cps.Next;
import com.cloudbees.groovy.cps.impl.CpsCallableInvocation;
import com.cloudbees.groovy.cps.impl.CpsClosure;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import groovy.lang.Closure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a branch's closure and converts its value to a {@link GatherValue} before anything else can access it: values
 * that can't be serialized must not get into the program state.
 */
final class GatherClosure implements Block {

    private static final long serialVersionUID = 1;

    private final Closure<?> work;
    private final Map<String, Object> cell;

    private GatherClosure(Closure<?> work, @CheckForNull Map<String, Object> cell) {
        this.work = work;
        this.cell = cell;
    }

    /** @param cell of a matrix, which the closure gets; it may change its own copy */
    static Closure<?> closure(Closure<?> work, @CheckForNull Map<String, Object> cell) {
        return new CpsClosure(null, null, List.of(), new GatherClosure(work, cell), Envs.empty());
    }

    @Override
    public Next eval(Env e, Continuation k) {
        Continuation end = new Returned(k);
        try {
            return end.receive(cell == null ? work.call() : work.call(new LinkedHashMap<>(cell)));
        } catch (CpsCallableInvocation body) {
            return body.invoke(e, null, end);
        } catch (Throwable failure) {
            return e.getExceptionHandler(failure.getClass()).receive(failure);
        }
    }

    /** Continues with the value. */
    private static final class Returned implements Continuation {
        private static final long serialVersionUID = 1;

        private final Continuation next;

        Returned(Continuation next) {
            this.next = next;
        }

        @Override
        public Next receive(Object returned) {
            return next.receive(GatherValue.of(returned));
        }
    }
}
