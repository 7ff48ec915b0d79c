package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.engine.fetch.FetchUrl;
import io.jenkins.plugins.concurrency.engine.fetch.OnExisting;
import io.jenkins.plugins.concurrency.engine.fetch.RequestDefaults;
import io.jenkins.plugins.concurrency.engine.fetch.StatusRanges;
import io.jenkins.plugins.concurrency.engine.fetch.TrafficLimits;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** What the form of {@code parallelFetch} offers, and what it says at once of what was entered. */
@Restricted(NoExternalUse.class)
public abstract class FetchStepDescriptor extends BranchStepDescriptor {

    /** The choices of {@code onExisting}. */
    public ListBoxModel doFillOnExistingItems() {
        return new ListBoxModel(
                Arrays.stream(OnExisting.values()).map(choice -> new ListBoxModel.Option(choice.text())).toList());
    }

    /** The choices of {@code credentialsId}: those that are good for all URLs. */
    @POST
    public ListBoxModel doFillCredentialsIdItems(
            @AncestorInPath Item item, @QueryParameter String credentialsId, @QueryParameter String urls) {
        return FetchCredentialsItems.of(item, Util.fixNull(credentialsId), Util.fixNull(urls));
    }

    /** Headers as the lines of a text field. */
    public String headerLines(@CheckForNull Object headers) {
        return HeaderLines.lines(headers);
    }

    @POST
    public FormValidation doCheckUrls(@QueryParameter String value, @QueryParameter String urlsFile) {
        if (!value.isBlank() && !urlsFile.isBlank()) {
            return FormValidation.error(Messages.FetchStepDescriptor_Both());
        }
        return FormChecks.lines(value, FetchUrl::parse);
    }

    @POST
    public FormValidation doCheckUrlsFile(@QueryParameter String value) {
        return FormChecks.path(value);
    }

    @POST
    public FormValidation doCheckToDir(@QueryParameter String value) {
        return FormChecks.path(value);
    }

    @POST
    public FormValidation doCheckMethod(@QueryParameter String value) {
        return FormChecks.text(value, method -> request(method, Map.of()));
    }

    @POST
    public FormValidation doCheckHeaders(@QueryParameter String value) {
        return FormChecks.lines(value, FetchStepDescriptor::checkHeader);
    }

    private static void checkHeader(String line) {
        if (!(HeaderLines.read(line) instanceof Map<?, ?> header)) {
            throw new IllegalArgumentException(Messages.FetchStepDescriptor_NoHeader());
        }
        header.forEach((name, value) -> request("GET", Map.of(name.toString(), value.toString())));
    }

    /** Refuses what the engine would refuse. */
    private static void request(String method, Map<String, String> headers) {
        Objects.requireNonNull(new RequestDefaults(method, headers, null, RequestDefaults.STANDARD.validStatus()));
    }

    @POST
    public FormValidation doCheckValidStatus(@QueryParameter String value) {
        return FormChecks.text(value, StatusRanges::parse);
    }

    @POST
    public FormValidation doCheckRate(@QueryParameter String value) {
        try {
            Objects.requireNonNull(new TrafficLimits(1, 0, Double.parseDouble(value.strip())));
            return FormValidation.ok();
        } catch (NumberFormatException e) {
            return FormValidation.error(Messages.FetchStepDescriptor_NoRate());
        } catch (IllegalArgumentException e) {
            return FormValidation.error(e.getMessage());
        }
    }

    /** Says where the administrator would refuse the step. */
    @POST
    public FormValidation doCheckIgnoreTls(@QueryParameter boolean value) {
        return value && !ConcurrencyConfiguration.get().isAllowIgnoreTls()
                ? FormValidation.warning(Messages.FetchStepDescriptor_NoIgnoreTls())
                : FormValidation.ok();
    }
}
