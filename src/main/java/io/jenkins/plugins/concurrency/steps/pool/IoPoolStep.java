package io.jenkins.plugins.concurrency.steps.pool;

import hudson.Extension;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.engine.pool.PoolKind;
import io.jenkins.plugins.concurrency.steps.RunPlan;
import io.jenkins.plugins.concurrency.steps.parameter.LimitEnforcer;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Work that waits, many at once on the agent, all functions on threads of one JVM. */
public final class IoPoolStep extends PoolStep {

    private int threads = ConcurrencyConfiguration.get().getDefaults().getThreads();

    @DataBoundConstructor
    public IoPoolStep() {
        super(PoolKind.IO);
    }

    /**
     * How many branches run at once; 0 for four more than the agent has processors that may be used, but at most 32.
     */
    public int getThreads() {
        return threads;
    }

    @DataBoundSetter
    public void setThreads(int threads) {
        this.threads = threads;
    }

    @Override
    int width(LimitEnforcer capped) {
        return capped.atMost("threads", threads);
    }

    @Override
    protected RunPlan plan(StepContext context, LimitEnforcer capped) throws Exception {
        return new PoolArguments(this, capped).plan(context);
    }

    @Extension
    public static final class DescriptorImpl extends PoolStepDescriptor {

        @Override
        public String getFunctionName() {
            return "ioPool";
        }

        @Override
        public String getDisplayName() {
            return Messages.IoPoolStep_DisplayName();
        }
    }
}
