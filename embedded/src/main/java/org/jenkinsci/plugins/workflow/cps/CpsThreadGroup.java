package org.jenkinsci.plugins.workflow.cps;

import com.cloudbees.groovy.cps.Continuable;
import com.cloudbees.groovy.cps.Outcome;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.SettableFuture;
import groovy.lang.Closure;
import groovy.lang.Script;
import io.jenkins.plugins.concurrency.embedded.EmbeddedRun;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.graph.BlockStartNode;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * The green threads of one build, and the one thread, the CPS thread, that runs them by turns. Whatever touches the
 * program runs there; {@link #submit} brings it there from anywhere.
 */
public final class CpsThreadGroup extends FlowExecution {

    private static final Logger LOGGER = Logger.getLogger(CpsThreadGroup.class.getName());

    private final EmbeddedRun run;
    private final ExecutorService vm = Executors.newSingleThreadExecutor(this::vmThread);
    private final AtomicInteger nodes = new AtomicInteger(1);

    /** The closures that steps which run have got behind their calls; those of later calls have higher numbers. */
    public final Map<Integer, Closure> closures = new HashMap<>();

    private volatile Thread vmThread;

    // For the CPS thread only:
    private final Set<CpsThread> threads = new LinkedHashSet<>();
    private Throwable interruptedBeforeStart;

    public CpsThreadGroup(EmbeddedRun run) {
        this.run = run;
    }

    private Thread vmThread(Runnable task) {
        Thread thread = new Thread(task, "CpsVmThread");
        thread.setDaemon(true);
        vmThread = thread;
        return thread;
    }

    EmbeddedRun run() {
        return run;
    }

    String nextNodeId() {
        return Integer.toString(nodes.incrementAndGet());
    }

    /** Runs the script to its end, which may be an exception. */
    public CompletableFuture<Outcome> start(Script script) {
        CompletableFuture<Outcome> end = new CompletableFuture<>();
        submit(() -> {
            try {
                addThread(new Continuable(script), null, new Object(), null, ContextVariables.NONE, end::complete)
                        .resume(new Outcome(null, interruptedBeforeStart));
            } catch (Throwable failure) {
                end.complete(new Outcome(null, failure));
            }
        });
        return end;
    }

    /** Refers to a closure, so that it can be run as a body: see {@link CpsStepContext#newBodyInvoker}. */
    public BodyReference export(Closure body) {
        return BodyReference.to(body);
    }

    CpsThread addThread(
            Continuable program,
            CpsThread parent,
            Object head,
            BlockStartNode enclosing,
            ContextVariables variables,
            Completion completion) {
        CpsThread thread = new CpsThread(this, program, parent, head, enclosing, variables, completion);
        threads.add(thread);
        return thread;
    }

    void remove(CpsThread thread) {
        threads.remove(thread);
    }

    /** Runs a task on the CPS thread after those submitted before; does nothing once the build has ended. */
    void submit(Runnable task) {
        try {
            vm.execute(() -> run(task));
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, "Something was reported to a build that has ended", e);
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable failure) {
            LOGGER.log(Level.SEVERE, "The CPS thread failed; the build may hang", failure);
        }
    }

    @Override
    public ListenableFuture<List<StepExecution>> getCurrentExecutions(boolean innerMostOnly) {
        SettableFuture<List<StepExecution>> steps = SettableFuture.create();
        submit(() -> steps.set((innerMostOnly ? leaves(null) : threads)
                .stream().map(CpsThread::getStep).filter(Objects::nonNull).toList()));
        return steps;
    }

    /** Stops every step that runs now; what they throw then goes up through the blocks around them. */
    public void interrupt(Throwable cause) {
        submit(() -> {
            if (threads.isEmpty()) {
                interruptedBeforeStart = cause;
            }
            stop(leaves(null), cause);
        });
    }

    void stop(List<CpsThread> innermost, Throwable cause) {
        innermost.forEach(thread -> thread.stop(cause));
    }

    /**
     * The youngest thread of each head, as in Jenkins: those that wait for no body, and those whose step's first body
     * has ended while others run. Youngest heads first; only the given thread and those within it unless it is null.
     */
    List<CpsThread> leaves(CpsThread within) {
        Map<Object, CpsThread> youngest = new LinkedHashMap<>();
        for (CpsThread thread : threads) {
            youngest.put(thread.head(), thread);
        }
        List<CpsThread> leaves = new ArrayList<>(youngest.values());
        leaves.removeIf(thread -> within != null && !thread.isWithin(within));
        Collections.reverse(leaves);
        return leaves;
    }

    /** Lets the CPS thread end once the build has. */
    public void embeddedShutdown() {
        vm.shutdown();
    }
}
