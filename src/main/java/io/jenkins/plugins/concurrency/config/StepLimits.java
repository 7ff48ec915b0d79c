package io.jenkins.plugins.concurrency.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.concurrency.engine.fetch.TrafficLimits;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** What steps get at most, whatever a call says; 0 stands for no limit. */
public final class StepLimits implements Describable<StepLimits> {

    private static final WholeNumbers CONCURRENCY = new WholeNumbers(0, TrafficLimits.MAX_CONCURRENCY);

    private int concurrency;
    private int perHost;
    private double rate;
    private int retries;
    private int timeout;
    private int workers;
    private int threads;

    @DataBoundConstructor
    public StepLimits() {
        // what nobody sets is 0
    }

    /** Requests at once of {@code parallelFetch}, branches at once of {@code gather}. */
    public int getConcurrency() {
        return concurrency;
    }

    @DataBoundSetter
    public void setConcurrency(int concurrency) {
        this.concurrency = CONCURRENCY.checked("concurrency", concurrency);
    }

    /** Requests at once to one host. */
    public int getPerHost() {
        return perHost;
    }

    @DataBoundSetter
    public void setPerHost(int perHost) {
        this.perHost = WholeNumbers.FROM_ZERO.checked("perHost", perHost);
    }

    /** Requests a second to one host. */
    public double getRate() {
        return rate;
    }

    @DataBoundSetter
    public void setRate(double rate) {
        this.rate = Rates.checked(rate);
    }

    /** Further attempts of a failed branch. */
    public int getRetries() {
        return retries;
    }

    @DataBoundSetter
    public void setRetries(int retries) {
        this.retries = WholeNumbers.FROM_ZERO.checked("retries", retries);
    }

    /** The limit of one attempt, in seconds. */
    public int getTimeout() {
        return timeout;
    }

    @DataBoundSetter
    public void setTimeout(int timeout) {
        this.timeout = WholeNumbers.FROM_ZERO.checked("timeout", timeout);
    }

    /** Processes of {@code cpuPool}. */
    public int getWorkers() {
        return workers;
    }

    @DataBoundSetter
    public void setWorkers(int workers) {
        this.workers = WholeNumbers.FROM_ZERO.checked("workers", workers);
    }

    /** Threads of {@code ioPool}. */
    public int getThreads() {
        return threads;
    }

    @DataBoundSetter
    public void setThreads(int threads) {
        this.threads = WholeNumbers.FROM_ZERO.checked("threads", threads);
    }

    /** Registers the group of settings. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<StepLimits> {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.StepLimits_DisplayName();
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckConcurrency(@QueryParameter String value) {
            return CONCURRENCY.validate(value);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckPerHost(@QueryParameter String value) {
            return WholeNumbers.FROM_ZERO.validate(value);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckRate(@QueryParameter String value) {
            return Rates.validate(value);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckRetries(@QueryParameter String value) {
            return WholeNumbers.FROM_ZERO.validate(value);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckTimeout(@QueryParameter String value) {
            return WholeNumbers.FROM_ZERO.validate(value);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckWorkers(@QueryParameter String value) {
            return WholeNumbers.FROM_ZERO.validate(value);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckThreads(@QueryParameter String value) {
            return WholeNumbers.FROM_ZERO.validate(value);
        }
    }
}
