package io.jenkins.plugins.concurrency.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.concurrency.engine.fetch.TrafficLimits;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** What steps take where a call does not say otherwise. */
public final class StepDefaults extends StepNumbers<StepDefaults> {

    private static final WholeNumbers CONCURRENCY = new WholeNumbers(1, TrafficLimits.MAX_CONCURRENCY);
    private static final int STANDARD_CONCURRENCY = 64;
    private static final int STANDARD_TIMEOUT = 60;

    /** {@code null} in a file that does not say, for the standard. */
    @CheckForNull
    private Integer concurrency;

    /** {@code null} in a file that does not say, for the standard. */
    @CheckForNull
    private Integer timeout;

    @DataBoundConstructor
    public StepDefaults() {
        // see the fields
    }

    /** Requests at once of {@code parallelFetch}. */
    public int getConcurrency() {
        return concurrency == null ? STANDARD_CONCURRENCY : concurrency;
    }

    @DataBoundSetter
    public void setConcurrency(int concurrency) {
        this.concurrency = CONCURRENCY.checked("concurrency", concurrency);
    }

    /** The limit of one request of {@code parallelFetch}, in seconds; 0 for none. */
    public int getTimeout() {
        return timeout == null ? STANDARD_TIMEOUT : timeout;
    }

    @DataBoundSetter
    public void setTimeout(int timeout) {
        this.timeout = WholeNumbers.FROM_ZERO.checked("timeout", timeout);
    }

    /** Registers the group of settings. */
    @Extension
    public static final class DescriptorImpl extends NumbersDescriptor<StepDefaults> {

        public DescriptorImpl() {
            super(CONCURRENCY);
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.StepDefaults_DisplayName();
        }
    }
}
