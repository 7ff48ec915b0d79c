package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.config.StepDefaults;
import io.jenkins.plugins.concurrency.steps.parameter.Arguments;
import io.jenkins.plugins.concurrency.steps.parameter.NeedsArgument;
import io.jenkins.plugins.concurrency.steps.parameter.StepForm;
import io.jenkins.plugins.concurrency.steps.parameter.StepParameters;
import io.jenkins.plugins.concurrency.steps.parameter.WrongArgumentException;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/** What the descriptors of all steps share. */
@Restricted(NoExternalUse.class)
public abstract class BranchStepDescriptor extends StepDescriptor {

    @Override
    public Set<? extends Class<?>> getRequiredContext() {
        return Set.of(Run.class, TaskListener.class);
    }

    @Override
    public Step newInstance(Map<String, Object> arguments) throws Exception {
        try {
            new StepParameters(getFunctionName(), clazz).check(arguments);
            return super.newInstance(arguments);
        } catch (WrongArgumentException e) {
            BranchStep step = (BranchStep) super.newInstance(Map.of());
            step.refuse(e);
            return step;
        }
    }

    /** Graph views show it as the step: the name in the script says more than that of the function. */
    @Override
    @CheckForNull
    public String argumentsToString(Map<String, Object> arguments) {
        return arguments.get("name") instanceof String name ? name : super.argumentsToString(arguments);
    }

    /** The values that forms show for empty fields. */
    public StepDefaults getDefaults() {
        return ConcurrencyConfiguration.get().getDefaults();
    }

    /** The choices for {@code onFailure} in forms. */
    public ListBoxModel doFillOnFailureItems() {
        return StepForm.onFailureItems();
    }

    /** The choices for {@code failFastMode} in forms. */
    public ListBoxModel doFillFailFastModeItems() {
        return StepForm.failFastModeItems();
    }

    @POST
    public FormValidation doCheckFailFast(@QueryParameter String value) {
        return StepForm.failFast(value);
    }

    @Override
    public FormValidation.CheckMethod getCheckMethod(String field) {
        return StepForm.checkMethod(this, field, super.getCheckMethod(field));
    }

    /** Checks a number or a time. The rest of the URL is the parameter's name. */
    @POST
    public FormValidation doCheckNumber(StaplerRequest2 request, @QueryParameter String value) {
        return StepForm.checkNumber(this, request, value);
    }

    /** Converts a list argument to lines for a text field. */
    public String lines(Object argument) {
        return Arguments.lines(argument);
    }

    /** Converts the argument {@code needs} to lines for a text field. */
    public String needsLines(Object argument) {
        return NeedsArgument.lines(argument);
    }

    @POST
    public FormValidation doCheckTimeout(@QueryParameter String value) {
        return StepForm.limit(value);
    }
}
