package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.config.StepLimits;
import io.jenkins.plugins.concurrency.engine.names.PathText;
import io.jenkins.plugins.concurrency.engine.schedule.BranchPolicy;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import java.time.Duration;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.kohsuke.stapler.DataBoundSetter;

/** The parameters that all steps share. Times are seconds. */
public abstract class BranchStep extends Step {

    @CheckForNull
    private String name;

    private boolean failFast;
    private String onFailure = OnFailure.UNSTABLE.text();
    private int retries = ConcurrencyConfiguration.get().getDefaults().getRetries();
    private Object retryDelay = 1;
    private final double standardTimeout;
    private Object timeout;
    private boolean quiet;

    /** @param timeout the default limit of one attempt, in seconds */
    protected BranchStep(double timeout) {
        this.standardTimeout = timeout;
        this.timeout = Seconds.normal(timeout);
    }

    /** The label in log, stage view and timeline; the step's function name if {@code null}. */
    @CheckForNull
    public String getName() {
        return name;
    }

    @DataBoundSetter
    public void setName(@CheckForNull String name) {
        this.name = Util.fixEmptyAndTrim(name);
    }

    /** Whether the first failed branch cancels the others. */
    public boolean isFailFast() {
        return failFast;
    }

    @DataBoundSetter
    public void setFailFast(boolean failFast) {
        this.failFast = failFast;
    }

    /** What happens once all have ended and some failed: a text of {@link OnFailure}. */
    @NonNull
    public String getOnFailure() {
        return onFailure;
    }

    @DataBoundSetter
    public void setOnFailure(@NonNull String onFailure) {
        this.onFailure = onFailure;
    }

    /** Further attempts of a failed branch. */
    public int getRetries() {
        return retries;
    }

    @DataBoundSetter
    public void setRetries(int retries) {
        this.retries = retries;
    }

    /** The longest pause before the first further attempt, in seconds. */
    @NonNull
    public Object getRetryDelay() {
        return retryDelay;
    }

    @DataBoundSetter
    public void setRetryDelay(@CheckForNull Object retryDelay) {
        this.retryDelay = Seconds.normal(retryDelay);
    }

    /** The limit of one attempt of one branch: seconds, 0 for none; of runs also a percentage of the median. */
    @NonNull
    public Object getTimeout() {
        return timeout;
    }

    @DataBoundSetter
    public void setTimeout(@CheckForNull Object timeout) {
        this.timeout = Seconds.normal(timeout);
    }

    /** Whether the log gets no progress lines. */
    public boolean isQuiet() {
        return quiet;
    }

    @DataBoundSetter
    public void setQuiet(boolean quiet) {
        this.quiet = quiet;
    }

    /** The step as its log lines call it. */
    @NonNull
    StepLabel label() throws WrongArgumentException {
        OnFailure failure = OnFailure.of(onFailure);
        if (failure == null) {
            throw wrong("onFailure", "'" + onFailure + "' is given; allowed are " + OnFailure.texts());
        }
        return new StepLabel(getDescriptor().getFunctionName(), name, failure, quiet);
    }

    /** The limit of an attempt: seconds, unless the step's kind of work knows more. */
    @NonNull
    TimeLimit timeLimit() throws WrongArgumentException {
        return new TimeLimit(time("timeout", timeout), 0);
    }

    /** A time of zero or more. */
    @NonNull
    Duration time(@NonNull String parameter, @NonNull Object given) throws WrongArgumentException {
        Duration time = Seconds.of(given);
        if (time == null) {
            throw wrong(
                    parameter,
                    Arguments.describe(given) + " is given; allowed is " + Seconds.ALLOWED + Arguments.closureHint(given));
        }
        if (time.isNegative()) {
            throw wrong(parameter, given + " is given; allowed is 0 or more");
        }
        return time;
    }

    /** @param capped holds it to the administrator's limits */
    @NonNull
    BranchPolicy policy(@NonNull CappedParameters capped) throws WrongArgumentException {
        atLeast("retries", 0, retries);
        Duration delay = time("retryDelay", retryDelay);
        TimeLimit limit = timeLimit();
        if (limit.fixed().isNegative()) {
            throw wrong("timeout", timeout + " is given; allowed is 0 or more");
        }
        StepLimits limits = capped.limits();
        int standard = ConcurrencyConfiguration.get().getDefaults().getRetries();
        RetryPolicy retry = new RetryPolicy(
                capped.atMost("retries", retries, standard, limits.getRetries()), delay);
        double seconds =
                capped.open("timeout", limit.fixed().toMillis() / 1000.0, standardTimeout, limits.getTimeout());
        return new BranchPolicy(failFast, retry, Duration.ofMillis(Math.round(seconds * 1000)), limit.percent());
    }

    void atLeast(String parameter, long minimum, long given) throws WrongArgumentException {
        if (given < minimum) {
            throw wrong(parameter, given + " is given; allowed is " + minimum + " or more");
        }
    }

    /** A path that can't lead out of the workspace, by its text; the agent looks at symbolic links. */
    @NonNull
    String insideWorkspace(String parameter, String path) throws WrongArgumentException {
        if (PathText.leadsOut(path)) {
            throw wrong(parameter, "'" + path + "' leads out of the workspace; give a relative path without '..'");
        }
        return path;
    }

    @NonNull
    WrongArgumentException wrong(String parameter, String problem) {
        return new WrongArgumentException(getDescriptor().getFunctionName(), parameter, problem);
    }

    @NonNull
    WrongArgumentException wrong(String problem) {
        return new WrongArgumentException(getDescriptor().getFunctionName(), problem);
    }
}
