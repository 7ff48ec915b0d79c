package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundSetter;

/** A step whose branches are a run of the engine, on the agent or in the controller. */
public abstract class RunStep extends BranchStep {

    @CheckForNull
    private Object resumeFrom;

    /** @param timeout the default limit of one attempt */
    protected RunStep(int timeout) {
        super(timeout);
    }

    /**
     * The build whose results are reused: {@code lastBuild}, {@code lastCompleted} or a number; {@code null} for none.
     */
    @CheckForNull
    public Object getResumeFrom() {
        return resumeFrom;
    }

    @DataBoundSetter
    public void setResumeFrom(@CheckForNull Object resumeFrom) {
        this.resumeFrom = resumeFrom == null || resumeFrom.toString().isBlank() ? null : resumeFrom;
    }

    /**
     * What the step is to do, checked.
     *
     * @param capped holds it to the administrator's limits
     * @throws WrongArgumentException if the arguments make no sense
     */
    @NonNull
    abstract RunPlan plan(@NonNull StepContext context, @NonNull CappedParameters capped) throws Exception;

    @Override
    TimeLimit timeLimit() throws WrongArgumentException {
        TimeLimit limit = TimeLimit.of(getTimeout());
        if (limit == null) {
            throw wrong("timeout", Arguments.describe(getTimeout()) + " is given; allowed is " + TimeLimit.ALLOWED);
        }
        return limit;
    }

    @Override
    public StepExecution start(StepContext context) throws Exception {
        ContextSecrets secrets = ContextSecrets.of(context);
        CappedParameters capped = new CappedParameters(ConcurrencyConfiguration.get().getLimits());
        try {
            EarlierBuild earlier = resumeFrom == null ? null : EarlierBuild.of(this, resumeFrom);
            RunPlan plan = plan(context, capped).hiding(secrets);
            StepLog.tell(context, plan.label(), capped);
            return new RunStepExecution(context, earlier == null ? plan : earlier.addedTo(plan, context));
        } catch (WrongArgumentException e) {
            throw e.masked(secrets.mask()); // Jenkins keeps it in the build directory as it is
        }
    }
}
