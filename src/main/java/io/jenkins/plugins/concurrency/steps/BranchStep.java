package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import hudson.Util;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.engine.fetch.file.RelativePath;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSettings;
import io.jenkins.plugins.concurrency.engine.schedule.FailFast;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import io.jenkins.plugins.concurrency.steps.log.OnFailure;
import io.jenkins.plugins.concurrency.steps.log.StepLabel;
import io.jenkins.plugins.concurrency.steps.parameter.AllowedValues;
import io.jenkins.plugins.concurrency.steps.parameter.Arguments;
import io.jenkins.plugins.concurrency.steps.parameter.FailFastParameter;
import io.jenkins.plugins.concurrency.steps.parameter.LimitEnforcer;
import io.jenkins.plugins.concurrency.steps.parameter.Seconds;
import io.jenkins.plugins.concurrency.steps.parameter.StepParameters;
import io.jenkins.plugins.concurrency.steps.parameter.TimeoutParameter;
import io.jenkins.plugins.concurrency.steps.parameter.WrongArgumentException;
import io.jenkins.plugins.concurrency.steps.secret.ContextSecrets;
import java.time.Duration;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundSetter;

/** The parameters that all steps share. Times are seconds. */
public abstract class BranchStep extends Step {

    @CheckForNull
    private String name;

    private Object failFast = false;
    private String failFastMode = FailFastParameter.MODES.get(0);
    private String onFailure = OnFailure.UNSTABLE.text();
    private int retries = ConcurrencyConfiguration.get().getDefaults().getRetries();
    private Object retryDelay = 1;
    private final double standardTimeout;
    private Object timeout;
    private boolean quiet;

    @CheckForNull
    private String junit;

    /**
     * What is wrong with the call. It is thrown when the step starts and not before, because secrets must be masked and
     * are only known then.
     */
    private transient WrongArgumentException wrong;

    /** @param timeout the default limit of one attempt, in seconds */
    protected BranchStep(double timeout) {
        this.standardTimeout = timeout;
        this.timeout = Seconds.normal(timeout);
    }

    /** The name in log, stage view and timeline; {@code null} for the step's function name. */
    @CheckForNull
    public String getName() {
        return name;
    }

    @DataBoundSetter
    public void setName(@CheckForNull String name) {
        this.name = Util.fixEmptyAndTrim(name);
    }

    /** After how many failed branches the others are stopped: {@code true} for 1, a number, or a percentage of all. */
    public Object getFailFast() {
        return failFast;
    }

    @DataBoundSetter
    public void setFailFast(@CheckForNull Object failFast) {
        this.failFast = FailFastParameter.normal(failFast);
    }

    /** {@code now} if running branches are cancelled, {@code soon} if they may end. */
    public String getFailFastMode() {
        return failFastMode;
    }

    @DataBoundSetter
    public void setFailFastMode(@CheckForNull String failFastMode) {
        this.failFastMode = Util.fixNull(failFastMode).strip();
    }

    /** What the step does when all branches have ended and some have failed: a text of {@link OnFailure}. */
    public String getOnFailure() {
        return onFailure;
    }

    @DataBoundSetter
    public void setOnFailure(String onFailure) {
        this.onFailure = onFailure;
    }

    /** How often a failed branch is tried again. */
    public int getRetries() {
        return retries;
    }

    @DataBoundSetter
    public void setRetries(int retries) {
        this.retries = retries;
    }

    /** The longest pause before the first retry, in seconds. */
    @AllowedValues(seconds = true)
    public Object getRetryDelay() {
        return retryDelay;
    }

    @DataBoundSetter
    public void setRetryDelay(@CheckForNull Object retryDelay) {
        this.retryDelay = Seconds.normal(retryDelay);
    }

    /** The time limit of one attempt of a branch, in seconds; 0 for none. For runs, also a percentage of the median. */
    public Object getTimeout() {
        return timeout;
    }

    @DataBoundSetter
    public void setTimeout(@CheckForNull Object timeout) {
        this.timeout = Seconds.normal(timeout);
    }

    /** Whether the log has no progress lines. */
    public boolean isQuiet() {
        return quiet;
    }

    @DataBoundSetter
    public void setQuiet(boolean quiet) {
        this.quiet = quiet;
    }

    /** The file that gets the branches as test results, in the step's directory; {@code null} for none. */
    @CheckForNull
    public String getJunit() {
        return junit;
    }

    @DataBoundSetter
    public void setJunit(@CheckForNull String junit) {
        this.junit = Util.fixEmptyAndTrim(junit);
    }

    /** Makes the step fail with this when it starts. */
    protected void refuse(WrongArgumentException problem) {
        wrong = problem;
    }

    @Override
    public final StepExecution start(StepContext context) throws Exception {
        ContextSecrets secrets = ContextSecrets.of(context);
        try {
            if (wrong != null) {
                throw wrong;
            }
            checkNumbers();
            if (junit != null && context.get(FilePath.class) == null) {
                throw wrong("junit", "needs a workspace to write to; call the step inside 'node'");
            }
            return start(context, secrets, new LimitEnforcer());
        } catch (WrongArgumentException e) {
            throw e.masked(secrets.mask()); // Jenkins stores its message in the build directory
        }
    }

    /** @throws WrongArgumentException if a number or a time is not allowed for its parameter */
    public void checkNumbers() throws WrongArgumentException {
        parameters().checkNumbers(this);
    }

    /** The parameters of the step's class. */
    public final StepParameters parameters() {
        return new StepParameters(getDescriptor().getFunctionName(), getClass());
    }

    /**
     * Starts the step.
     *
     * @param capped limits the call to what the administrator allows
     * @throws WrongArgumentException if an argument is invalid
     */
    protected abstract StepExecution start(StepContext context, ContextSecrets secrets, LimitEnforcer capped) throws Exception;

    /** The step's name and settings, as its log lines need them. */
    public StepLabel label() throws WrongArgumentException {
        OnFailure failure = OnFailure.of(onFailure);
        if (failure == null) {
            throw wrong("onFailure", "'" + onFailure + "' is given; allowed are " + OnFailure.texts());
        }
        return new StepLabel(getDescriptor().getFunctionName(), name, failure, quiet)
                .writing(junit == null ? null : insideWorkspace("junit", junit));
    }

    /** The time limit of an attempt. Steps whose work is a run also allow a percentage. */
    TimeoutParameter timeLimit() throws WrongArgumentException {
        String problem = Seconds.problem(timeout);
        if (problem != null) {
            throw wrong("timeout", problem);
        }
        return new TimeoutParameter(Seconds.of(timeout), 0);
    }

    /** @param capped limits the settings to what the administrator allows */
    public BranchSettings policy(LimitEnforcer capped) throws WrongArgumentException {
        TimeoutParameter limit = timeLimit();
        RetryPolicy retry = new RetryPolicy(capped.atMost("retries", retries), Seconds.of(retryDelay));
        double seconds = capped.open("timeout", limit.fixed().toMillis() / 1000.0, standardTimeout);
        return new BranchSettings(failFast(), retry, Duration.ofMillis(Math.round(seconds * 1000)), limit.percent());
    }

    private FailFast failFast() throws WrongArgumentException {
        FailFast limit = FailFastParameter.of(failFast, failFastMode);
        if (limit == null) {
            throw wrong("failFast", Arguments.describe(failFast) + " is given; allowed is " + FailFastParameter.ALLOWED);
        }
        if (!FailFastParameter.MODES.contains(failFastMode)) {
            throw wrong("failFastMode", "'" + failFastMode + "' is given; allowed are " + FailFastParameter.MODES);
        }
        if (limit.soon() && limit.failures() + limit.percent() == 0) {
            throw wrong("failFastMode", "is given without 'failFast'");
        }
        return limit;
    }

    /** Checks by its text that a path stays in the workspace. The agent checks symbolic links. */
    public String insideWorkspace(String parameter, String path) throws WrongArgumentException {
        if (RelativePath.leadsOut(path)) {
            throw wrong(parameter, "'" + path + "' leads out of the workspace; give a relative path without '..'");
        }
        return path;
    }

    public WrongArgumentException wrong(String parameter, String problem) {
        return new WrongArgumentException(getDescriptor().getFunctionName(), parameter, problem);
    }

    public WrongArgumentException wrong(String problem) {
        return new WrongArgumentException(getDescriptor().getFunctionName(), problem);
    }
}
