package io.jenkins.plugins.concurrency.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.util.FormValidation;
import io.jenkins.plugins.concurrency.engine.fetch.TrafficSettings;
import java.util.OptionalDouble;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Defaults of the parameters of steps. */
public final class StepDefaults extends StepNumbers<StepDefaults> {

    private static final WholeNumbers CONCURRENCY = new WholeNumbers(1, TrafficSettings.MAX_CONCURRENCY);
    private static final int STANDARD_CONCURRENCY = 64;
    private static final double STANDARD_TIMEOUT = 60;

    /** {@code null} for the standard, if a file does not have it. */
    @CheckForNull
    private Integer concurrency;

    /** {@code null} for the standard, if a file does not have it. */
    @CheckForNull
    private Double timeout;

    @DataBoundConstructor
    public StepDefaults() {
        // see the fields
    }

    /** Requests at once of {@code parallelFetch}. */
    @Override
    public int getConcurrency() {
        return concurrency == null ? STANDARD_CONCURRENCY : concurrency;
    }

    @DataBoundSetter
    public void setConcurrency(int concurrency) {
        this.concurrency = CONCURRENCY.checked("concurrency", concurrency);
    }

    /** The time limit of one request of {@code parallelFetch}, in seconds; 0 for none. */
    @Override
    public double getTimeout() {
        return timeout == null ? STANDARD_TIMEOUT : timeout;
    }

    @DataBoundSetter
    public void setTimeout(double timeout) {
        this.timeout = checkedTimeout(timeout);
    }

    /** The limit for a number, if it is lower than this default. */
    static OptionalDouble limitBelow(String name, double number, StepLimits limits) {
        double most = limits.of(name);
        return most > 0 && number > most ? OptionalDouble.of(most) : OptionalDouble.empty();
    }

    /** Registers the group of settings. */
    @Extension
    public static final class DescriptorImpl extends NumbersDescriptor<StepDefaults> {

        public DescriptorImpl() {
            super(CONCURRENCY);
        }

        @Override
        FormValidation allowed(String name, double number) {
            OptionalDouble most = limitBelow(name, number, ExtensionList.lookupSingleton(StepLimits.Holder.class).getLimits());
            return most.isPresent()
                    ? FormValidation.warning(Messages.StepDefaults_AboveLimit(Rates.text(most.getAsDouble())))
                    : FormValidation.ok();
        }

        @Override
        public String getDisplayName() {
            return Messages.StepDefaults_DisplayName();
        }
    }
}
