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
import io.jenkins.plugins.concurrency.engine.names.UniqueNames;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.steps.parameter.Arguments;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.cps.CpsThread;

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

    /** @param cell the cell of a matrix, which is the closure's argument; the closure may change its copy */
    static Closure<?> closure(Closure<?> work, @CheckForNull Map<String, Object> cell) {
        return new CpsClosure(null, null, List.of(), new GatherClosure(work, cell), Envs.empty());
    }

    /**
     * The closure that the step is called with. Call only while the step starts: after that, other closures may have
     * been given to steps.
     */
    static Closure<?> block() {
        Map<Integer, Closure> closures = CpsThread.current().getGroup().closures;
        return closures.get(Collections.max(closures.keySet()));
    }

    /** The same closure for each cell of a matrix, by the cells' names. */
    static Map<String, Closure<?>> named(List<Map<String, Object>> cells, Closure<?> closure) {
        UniqueNames names = new UniqueNames();
        Map<String, Closure<?>> closures = new LinkedHashMap<>();
        for (Map<String, Object> cell : cells) {
            int index = closures.size();
            closures.put(names.derived(PoolBranch.nameOf(cell, index), index), closure);
        }
        return closures;
    }

    /** A closure that ends at once. */
    static Closure<?> nothing() {
        return new Nothing();
    }

    @Override
    public Next eval(Env e, Continuation k) {
        Continuation end = new Returned(k);
        try {
            return end.receive(cell == null ? work.call() : work.call(Arguments.plainMap(cell)));
        } catch (CpsCallableInvocation body) {
            return body.invoke(e, null, end);
        } catch (Throwable failure) {
            return e.getExceptionHandler(failure.getClass()).receive(failure);
        }
    }

    /** Passes on the value that the closure returned. */
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

    private static final class Nothing extends Closure<Object> {
        private static final long serialVersionUID = 1;

        Nothing() {
            super(null);
        }

        @Override
        public Object call() {
            return null;
        }
    }
}
