package io.jenkins.plugins.concurrency.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
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

/** What steps take where a call does not say otherwise. */
public final class StepDefaults implements Describable<StepDefaults> {

    private static final WholeNumbers CONCURRENCY = new WholeNumbers(1, TrafficLimits.MAX_CONCURRENCY);
    private static final int STANDARD_CONCURRENCY = 64;
    private static final int STANDARD_TIMEOUT = 60;

    /** {@code null} in a file that does not say, for the standard. */
    @CheckForNull
    private Integer concurrency;

    private int perHost;
    private double rate;
    private int retries;

    /** {@code null} in a file that does not say, for the standard. */
    @CheckForNull
    private Integer timeout;

    private int workers;
    private int threads;

    @DataBoundConstructor
    public StepDefaults() {
        // what nobody sets is 0
    }

    /** Requests at once of {@code parallelFetch}. */
    public int getConcurrency() {
        return concurrency == null ? STANDARD_CONCURRENCY : concurrency;
    }

    @DataBoundSetter
    public void setConcurrency(int concurrency) {
        this.concurrency = CONCURRENCY.checked("concurrency", concurrency);
    }

    /** Of these, requests to one host; 0 for no limit of its own. */
    public int getPerHost() {
        return perHost;
    }

    @DataBoundSetter
    public void setPerHost(int perHost) {
        this.perHost = WholeNumbers.FROM_ZERO.checked("perHost", perHost);
    }

    /** Requests a second to one host; 0 for no limit. */
    public double getRate() {
        return rate;
    }

    @DataBoundSetter
    public void setRate(double rate) {
        this.rate = Rates.checked(rate);
    }

    /** Further attempts of a failed branch, in all steps. */
    public int getRetries() {
        return retries;
    }

    @DataBoundSetter
    public void setRetries(int retries) {
        this.retries = WholeNumbers.FROM_ZERO.checked("retries", retries);
    }

    /** The limit of one request of {@code parallelFetch}, in seconds; 0 for none. */
    public int getTimeout() {
        return timeout == null ? STANDARD_TIMEOUT : timeout;
    }

    @DataBoundSetter
    public void setTimeout(int timeout) {
        this.timeout = WholeNumbers.FROM_ZERO.checked("timeout", timeout);
    }

    /** Processes of {@code cpuPool}; 0 for as many as the agent's processors. */
    public int getWorkers() {
        return workers;
    }

    @DataBoundSetter
    public void setWorkers(int workers) {
        this.workers = WholeNumbers.FROM_ZERO.checked("workers", workers);
    }

    /** Threads of {@code ioPool}; 0 for as many as suit the agent's processors. */
    public int getThreads() {
        return threads;
    }

    @DataBoundSetter
    public void setThreads(int threads) {
        this.threads = WholeNumbers.FROM_ZERO.checked("threads", threads);
    }

    /** Registers the group of settings. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<StepDefaults> {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.StepDefaults_DisplayName();
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
