package io.jenkins.plugins.concurrency.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.concurrency.engine.fetch.destination.DestinationSettings;
import io.jenkins.plugins.concurrency.engine.fetch.destination.NameLookup;
import io.jenkins.plugins.concurrency.engine.fetch.http.FetchUrl;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.DestinationReport;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Where requests may go: those of the controller, or those of agents. */
public final class DestinationRules implements Describable<DestinationRules> {

    /** How many wrong lines a message names. */
    private static final int MAX_NAMED = 5;

    /** {@code null} if it is not configured and it is not yet known for which machines the rules are. */
    @CheckForNull
    private Boolean internal;

    /** {@code null} if a file does not have it. */
    @CheckForNull
    private String allow;

    /** {@code null} if a file does not have it. */
    @CheckForNull
    private String refuse;

    @DataBoundConstructor
    public DestinationRules() {
        // public destinations alone
    }

    /** These rules, with a default for {@code internal} if it is not configured. */
    DestinationRules completed(boolean internalByDefault) {
        if (internal == null) {
            internal = internalByDefault;
        }
        return this;
    }

    /**
     * Whether requests may reach addresses that only exist in this network: loopback, private and similar. {@code null}
     * if it is not configured: then no for the controller, yes for agents.
     */
    @CheckForNull
    public Boolean getInternal() {
        return internal;
    }

    @DataBoundSetter
    public void setInternal(@CheckForNull Boolean internal) {
        this.internal = internal;
    }

    /** Hosts and address ranges, one a line, that are always allowed. */
    public String getAllow() {
        return Util.fixNull(allow);
    }

    @DataBoundSetter
    public void setAllow(@CheckForNull String allow) {
        this.allow = checked("allow", Util.fixNull(allow));
    }

    /** Hosts and address ranges, one a line, that are refused unless they are always allowed. */
    public String getRefuse() {
        return Util.fixNull(refuse);
    }

    @DataBoundSetter
    public void setRefuse(@CheckForNull String refuse) {
        this.refuse = checked("refuse", Util.fixNull(refuse));
    }

    /** @throws IllegalArgumentException if there is an invalid rule, because a file was edited by hand; in one line */
    public DestinationSettings policy() {
        return new DestinationSettings(Boolean.TRUE.equals(internal), rules(getAllow()), rules(getRefuse()));
    }

    /** The rules of a text: one a line. Blank lines and lines that begin with {@code #} are ignored. */
    private static List<String> rules(String text) {
        return text.lines().map(String::strip).filter(DestinationRules::isRule).toList();
    }

    /** What is wrong, a message for each line of the text. */
    private static List<String> problems(String text) {
        List<String> problems = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size() && problems.size() < MAX_NAMED; i++) {
            String line = lines.get(i).strip();
            try {
                new DestinationSettings(false, isRule(line) ? List.of(line) : List.of(), List.of());
            } catch (IllegalArgumentException e) {
                problems.add(Messages.DestinationRules_Wrong(i + 1, e.getMessage()));
            }
        }
        return problems;
    }

    /**
     * The text with line feeds only, for files and exports.
     *
     * @throws IllegalArgumentException if a line is not a rule; the message names the first one
     */
    private static String checked(String field, String text) {
        List<String> problems = problems(text);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(field + ": " + problems.get(0));
        }
        return String.join("\n", text.strip().lines().toList());
    }

    private static boolean isRule(String line) {
        return !line.isEmpty() && !line.startsWith("#");
    }

    /** Registers the group of settings. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class DescriptorImpl extends Descriptor<DestinationRules> {

        @Override
        public String getDisplayName() {
            return Messages.DestinationRules_DisplayName();
        }

        @POST
        public FormValidation doCheckAllow(@QueryParameter String value) {
            return check(value);
        }

        @POST
        public FormValidation doCheckRefuse(@QueryParameter String value) {
            return check(value);
        }

        private static FormValidation check(String text) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            List<String> problems = problems(Util.fixNull(text));
            return problems.isEmpty() ? FormValidation.ok() : FormValidation.error(String.join("\n", problems));
        }

        /** Checks a URL with the rules in the form, saved or not. Asks DNS for its host. */
        @POST
        public FormValidation doTest(
                @QueryParameter String url,
                @QueryParameter boolean internal,
                @QueryParameter String allow,
                @QueryParameter String refuse) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            if (Util.fixEmptyAndTrim(url) == null) {
                return FormValidation.warning(Messages.DestinationRules_NoUrl());
            }
            try {
                DestinationRules rules = new DestinationRules().completed(internal);
                rules.setAllow(allow);
                rules.setRefuse(refuse);
                DestinationReport report = DestinationReport.of(
                        rules.policy(), JenkinsProxy.settings(), FetchUrl.parse(url).origin().host(), NameLookup.SYSTEM);
                String text = String.join("; ", report.lines());
                return report.reachable() ? FormValidation.ok(text) : FormValidation.error(text);
            } catch (UnknownHostException e) {
                return FormValidation.warning(Messages.DestinationRules_Unknown());
            } catch (IllegalArgumentException e) {
                return FormValidation.error(e.getMessage());
            }
        }
    }
}
