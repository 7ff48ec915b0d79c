package io.jenkins.plugins.concurrency.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.slaves.NodeProperty;
import hudson.slaves.NodePropertyDescriptor;
import hudson.util.FormValidation;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.BindInterceptor;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/** The limits of one node for all steps together. They replace those of the system configuration. */
public final class NodeLimitsProperty extends NodeProperty<Node> {

    private Integer processes;
    private Integer memory;

    @DataBoundConstructor
    public NodeLimitsProperty() {
        // what is not set is as in the system configuration
    }

    /** Workers and commands at once; 0 for no limit, {@code null} for the limit of the system configuration. */
    @CheckForNull
    public Integer getProcesses() {
        return processes;
    }

    @DataBoundSetter
    public void setProcesses(@CheckForNull Integer processes) {
        this.processes = processes == null ? null : WholeNumbers.FROM_ZERO.checked("processes", processes);
    }

    /** In MiB; 0 for no limit, {@code null} for the limit of the system configuration. */
    @CheckForNull
    public Integer getMemory() {
        return memory;
    }

    @DataBoundSetter
    public void setMemory(@CheckForNull Integer memory) {
        this.memory = memory == null ? null : WholeNumbers.FROM_ZERO.checked("memory", memory);
    }

    /** Offers the property for each node. */
    @Extension
    @Symbol("concurrencyLimits")
    @Restricted(NoExternalUse.class)
    public static final class DescriptorImpl extends NodePropertyDescriptor {

        @Override
        public String getDisplayName() {
            return Messages.NodeLimitsProperty_DisplayName();
        }

        @Override
        public NodeProperty<?> newInstance(@CheckForNull StaplerRequest2 req, JSONObject formData) throws FormException {
            if (req == null) {
                return super.newInstance((StaplerRequest2) null, formData);
            }
            BindInterceptor before = req.setBindInterceptor(new FormNumbers());
            NodeProperty<?> made = super.newInstance(req, formData);
            // Not after a failure: for a new node, Jenkins then tries again without this method, and must fail again.
            req.setBindInterceptor(before);
            return made;
        }

        @POST
        public FormValidation doCheckProcesses(@AncestorInPath Computer computer, @QueryParameter String value) {
            return WholeNumbers.FROM_ZERO.validateOptional(computer, value);
        }

        @POST
        public FormValidation doCheckMemory(@AncestorInPath Computer computer, @QueryParameter String value) {
            return WholeNumbers.FROM_ZERO.validateOptional(computer, value);
        }
    }
}
