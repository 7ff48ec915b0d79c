package io.jenkins.plugins.concurrency.steps.parameter;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.concurrency.steps.log.OnFailure;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.kohsuke.stapler.StaplerRequest2;

/** What the forms of all steps have in common; their descriptors have different base classes. */
public final class StepForm {

    private StepForm() {}

    public static ListBoxModel onFailureItems() {
        ListBoxModel items = new ListBoxModel();
        OnFailure.texts().forEach(items::add);
        return items;
    }

    public static ListBoxModel failFastModeItems() {
        ListBoxModel items = new ListBoxModel();
        FailFastParameter.MODES.forEach(items::add);
        return items;
    }

    public static FormValidation failFast(@CheckForNull String text) {
        return FailFastParameter.of(FailFastParameter.normal(text), FailFastParameter.MODES.get(0)) == null
                ? FormValidation.error(Messages.StepForm_NoFailFast())
                : FormValidation.ok();
    }

    /**
     * The method that checks a field: the field's own web method or, for numbers and times, a common one.
     *
     * @param own the method that Jenkins finds for the field
     */
    public static FormValidation.CheckMethod checkMethod(
            StepDescriptor descriptor, String field, FormValidation.CheckMethod own) {
        if (own.getDependsOn() != null || numbers(descriptor, field) == null) {
            return own;
        }
        return new FormValidation.CheckMethod(descriptor, "number") {
            @Override
            public String toStemUrl() {
                return super.toStemUrl() + "/" + field;
            }
        };
    }

    public static FormValidation checkNumber(StepDescriptor descriptor, StaplerRequest2 request, @CheckForNull String value) {
        StepParameters.Numbers allowed = numbers(descriptor, request.getRestOfPath().replace("/", ""));
        return allowed == null ? FormValidation.ok() : allowed.validate(value);
    }

    @CheckForNull
    private static StepParameters.Numbers numbers(StepDescriptor descriptor, String field) {
        return new StepParameters(descriptor.getFunctionName(), descriptor.clazz).numbers(field);
    }

    /** Checks the time limit of an attempt, which may also be a percentage for runs. */
    public static FormValidation limit(@CheckForNull String text) {
        TimeoutParameter limit = TimeoutParameter.of(Seconds.normal(text));
        return limit == null || limit.fixed().isNegative()
                ? FormValidation.error(Messages.StepForm_NoLimit())
                : FormValidation.ok();
    }
}
