package io.jenkins.plugins.concurrency.steps.pool;

import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.concurrency.engine.pool.CommandTemplate;
import io.jenkins.plugins.concurrency.steps.BranchStepDescriptor;
import io.jenkins.plugins.concurrency.steps.parameter.FormChecks;
import io.jenkins.plugins.concurrency.steps.parameter.LimitEnforcer;
import io.jenkins.plugins.concurrency.steps.parameter.WrongArgumentException;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** What the descriptors of the pools share. */
@Restricted(NoExternalUse.class)
public abstract class PoolStepDescriptor extends BranchStepDescriptor {

    /** The choices for {@code affinity} in forms. */
    public ListBoxModel doFillAffinityItems() {
        return new ListBoxModel(new ListBoxModel.Option("none"), new ListBoxModel.Option("core"));
    }

    /** Reports if the work is missing, or given in several forms. */
    @POST
    public FormValidation doCheckTasks(
            @QueryParameter String value,
            @QueryParameter String inputs,
            @QueryParameter String inputsFile,
            @QueryParameter String matrix,
            @QueryParameter String include,
            @QueryParameter String command,
            @QueryParameter String groovy,
            @QueryParameter String worker)
            throws Exception {
        if ((value + inputs + inputsFile + matrix + include + command + groovy + worker).isBlank()) {
            return FormValidation.ok(); // the form is still empty
        }
        PoolStep step = (PoolStep) newInstance(Map.of());
        step.setTasks(value);
        step.setInputs(inputs);
        step.setInputsFile(inputsFile);
        step.setMatrix(matrix);
        step.setInclude(include);
        step.setCommand(command);
        step.setGroovy(groovy);
        step.setWorker(worker);
        try {
            new PoolArguments(step, new LimitEnforcer()).checkForm();
            return FormValidation.ok();
        } catch (WrongArgumentException e) {
            String message = e.getMessage();
            return FormValidation.error(message.substring(message.indexOf(": ") + 2));
        }
    }

    @POST
    public FormValidation doCheckCommand(@QueryParameter String value) {
        return FormChecks.text(value, CommandTemplate::parse);
    }

    @POST
    public FormValidation doCheckInputsFile(@QueryParameter String value) {
        return FormChecks.path(value);
    }
}
