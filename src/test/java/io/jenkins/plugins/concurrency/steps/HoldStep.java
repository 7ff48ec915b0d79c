package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertTrue;

import hudson.Extension;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/** For tests: {@code hold 'name'} waits, also across restarts, until the test releases it or something stops it. */
public final class HoldStep extends Step {

    private static final long SECONDS = 120;

    /** What is held now, by name. Guarded by itself. */
    private static final Map<String, StepContext> HELD = new TreeMap<>();

    private final String name;

    @DataBoundConstructor
    public HoldStep(String name) {
        this.name = name;
    }

    public String getName() {
        return name;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(context, name);
    }

    /** Waits until exactly these are held. */
    static void await(String... names) throws InterruptedException {
        Set<String> wanted = Set.of(names);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        synchronized (HELD) {
            while (!HELD.keySet().equals(wanted)) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                assertTrue("held are " + HELD.keySet() + " instead of " + wanted, left > 0);
                HELD.wait(left);
            }
        }
    }

    /** Lets those go that are held under these names. */
    static void release(String... names) {
        for (String name : names) {
            forget(name).onSuccess(null);
        }
    }

    /** Forgets those of builds that are gone. */
    static void clear() {
        synchronized (HELD) {
            HELD.clear();
        }
    }

    private static StepContext forget(String name) {
        synchronized (HELD) {
            StepContext context = HELD.remove(name);
            HELD.notifyAll();
            return context;
        }
    }

    private static final class Execution extends StepExecution {
        private static final long serialVersionUID = 1;

        private final String name;

        Execution(StepContext context, String name) {
            super(context);
            this.name = name;
        }

        @Override
        public boolean start() {
            hold();
            return false;
        }

        @Override
        public void onResume() {
            hold();
        }

        private void hold() {
            synchronized (HELD) {
                HELD.put(name, getContext());
                HELD.notifyAll();
            }
        }

        @Override
        public void stop(Throwable cause) throws Exception {
            forget(name);
            super.stop(cause);
        }
    }

    /** Registers the step. */
    @Extension
    public static final class DescriptorImpl extends StepDescriptor {
        @Override
        public String getFunctionName() {
            return "hold";
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of();
        }
    }
}
