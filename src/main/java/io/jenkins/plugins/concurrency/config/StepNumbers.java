package io.jenkins.plugins.concurrency.config;

import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * Numbers for parameters of steps: defaults or limits. Each is 0 unless it is set.
 *
 * @param <T> what the numbers are to the steps
 */
public abstract class StepNumbers<T extends StepNumbers<T>> implements Describable<T> {

    /** Reads each number, by its name. */
    static final Map<String, ToDoubleFunction<StepNumbers<?>>> ALL = Map.of(
            "concurrency", StepNumbers::getConcurrency,
            "perHost", StepNumbers::getPerHost,
            "rate", StepNumbers::getRate,
            "retries", StepNumbers::getRetries,
            "timeout", StepNumbers::getTimeout,
            "workers", StepNumbers::getWorkers,
            "threads", StepNumbers::getThreads);

    private int perHost;
    private double rate;
    private int retries;
    private int workers;
    private int threads;

    StepNumbers() {
        // what is not set is 0
    }

    /** A number by its name, which is also the name of the parameter. */
    public double of(String name) {
        return ALL.get(name).applyAsDouble(this);
    }

    /** Requests or branches at once. */
    public abstract int getConcurrency();

    /** The time limit of one attempt, in seconds; may be a fraction. */
    public abstract double getTimeout();

    /** @throws IllegalArgumentException if it is out of range, in one line */
    static double checkedTimeout(double seconds) {
        if (!isTime(seconds)) {
            throw new IllegalArgumentException("timeout: " + seconds + " is given; allowed is 0 or more seconds");
        }
        return seconds;
    }

    private static boolean isTime(double seconds) {
        return seconds >= 0 && seconds <= Integer.MAX_VALUE; // and a number
    }

    /** Requests at once to one host; 0 for no limit of its own. */
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

    /** Processes of {@code cpuPool}; 0 if the number is not set. */
    public int getWorkers() {
        return workers;
    }

    @DataBoundSetter
    public void setWorkers(int workers) {
        this.workers = WholeNumbers.FROM_ZERO.checked("workers", workers);
    }

    /** Threads of {@code ioPool}; 0 if the number is not set. */
    public int getThreads() {
        return threads;
    }

    @DataBoundSetter
    public void setThreads(int threads) {
        this.threads = WholeNumbers.FROM_ZERO.checked("threads", threads);
    }

    /**
     * Says what is wrong with a field of the form.
     *
     * @param <T> what the numbers are to the steps
     */
    @Restricted(NoExternalUse.class)
    public abstract static class NumbersDescriptor<T extends StepNumbers<T>> extends Descriptor<T> {

        private final WholeNumbers concurrency;

        NumbersDescriptor(WholeNumbers concurrency) {
            this.concurrency = concurrency;
        }

        /** Adds a message about a number that is allowed. */
        FormValidation allowed(String name, double number) {
            return FormValidation.ok();
        }

        private FormValidation check(String name, String value, FormValidation checked) {
            return checked.kind == FormValidation.Kind.OK ? allowed(name, Double.parseDouble(value.strip())) : checked;
        }

        @POST
        public FormValidation doCheckConcurrency(@QueryParameter String value) {
            return check("concurrency", value, concurrency.validate(value));
        }

        @POST
        public FormValidation doCheckPerHost(@QueryParameter String value) {
            return check("perHost", value, WholeNumbers.FROM_ZERO.validate(value));
        }

        @POST
        public FormValidation doCheckRate(@QueryParameter String value) {
            return check("rate", value, Rates.validate(value));
        }

        @POST
        public FormValidation doCheckRetries(@QueryParameter String value) {
            return check("retries", value, WholeNumbers.FROM_ZERO.validate(value));
        }

        @POST
        public FormValidation doCheckTimeout(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            try {
                if (isTime(Double.parseDouble(Util.fixNull(value).strip()))) {
                    return check("timeout", value, FormValidation.ok());
                }
            } catch (NumberFormatException e) {
                // reported below
            }
            return FormValidation.error(Messages.StepNumbers_WrongTime());
        }

        /** A time in seconds as forms show it. */
        public String seconds(double seconds) {
            return Rates.text(seconds);
        }

        @POST
        public FormValidation doCheckWorkers(@QueryParameter String value) {
            return check("workers", value, WholeNumbers.FROM_ZERO.validate(value));
        }

        @POST
        public FormValidation doCheckThreads(@QueryParameter String value) {
            return check("threads", value, WholeNumbers.FROM_ZERO.validate(value));
        }
    }
}
