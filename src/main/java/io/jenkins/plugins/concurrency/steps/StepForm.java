package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;

/** What the forms of all steps share; their descriptors have different base classes. */
final class StepForm {

    private StepForm() {}

    @NonNull
    static ListBoxModel onFailureItems() {
        ListBoxModel items = new ListBoxModel();
        OnFailure.texts().forEach(items::add);
        return items;
    }

    /** The limit of an attempt, which runs also take as a percentage. */
    @NonNull
    static FormValidation limit(@CheckForNull String text) {
        TimeLimit limit = TimeLimit.of(Seconds.normal(text));
        return limit == null || limit.fixed().isNegative()
                ? FormValidation.error(Messages.StepForm_NoLimit())
                : FormValidation.ok();
    }
}
