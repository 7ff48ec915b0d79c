package io.jenkins.plugins.concurrency.config;

import hudson.Extension;
import io.jenkins.plugins.concurrency.engine.fetch.TrafficSettings;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Upper limits for the parameters of steps, whatever a call asks for. 0 means no limit. */
public final class StepLimits extends StepNumbers<StepLimits> {

    private static final WholeNumbers CONCURRENCY = new WholeNumbers(0, TrafficSettings.MAX_CONCURRENCY);

    private int concurrency;
    private double timeout;

    @DataBoundConstructor
    public StepLimits() {
        // what is not set is 0
    }

    /** Requests at once of {@code parallelFetch}, branches at once of {@code gather}. */
    @Override
    public int getConcurrency() {
        return concurrency;
    }

    @DataBoundSetter
    public void setConcurrency(int concurrency) {
        this.concurrency = CONCURRENCY.checked("concurrency", concurrency);
    }

    /** The time limit of one attempt, in seconds. */
    @Override
    public double getTimeout() {
        return timeout;
    }

    @DataBoundSetter
    public void setTimeout(double timeout) {
        this.timeout = checkedTimeout(timeout);
    }

    /** Has the limits of this Jenkins. */
    public interface Holder {

        StepLimits getLimits();
    }

    /** Registers the group of settings. */
    @Extension
    public static final class DescriptorImpl extends NumbersDescriptor<StepLimits> {

        public DescriptorImpl() {
            super(CONCURRENCY);
        }

        @Override
        public String getDisplayName() {
            return Messages.StepLimits_DisplayName();
        }
    }
}
