package io.jenkins.plugins.concurrency.steps.pool;

import hudson.Extension;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.engine.pool.PoolKind;
import io.jenkins.plugins.concurrency.steps.RunPlan;
import io.jenkins.plugins.concurrency.steps.parameter.LimitEnforcer;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** CPU-bound work in processes of the agent, each function in its own JVM. */
public final class CpuPoolStep extends PoolStep {

    private int workers = ConcurrencyConfiguration.get().getDefaults().getWorkers();

    @DataBoundConstructor
    public CpuPoolStep() {
        super(PoolKind.CPU);
    }

    /** How many processes run at once; 0 for as many as the agent has processors that may be used. */
    public int getWorkers() {
        return workers;
    }

    @DataBoundSetter
    public void setWorkers(int workers) {
        this.workers = workers;
    }

    @Override
    int width(LimitEnforcer capped) {
        return capped.atMost("workers", workers);
    }

    @Override
    protected RunPlan plan(StepContext context, LimitEnforcer capped) throws Exception {
        return new PoolArguments(this, capped).plan(context);
    }

    @Extension
    public static final class DescriptorImpl extends PoolStepDescriptor {

        @Override
        public String getFunctionName() {
            return "cpuPool";
        }

        @Override
        public String getDisplayName() {
            return Messages.CpuPoolStep_DisplayName();
        }
    }
}
