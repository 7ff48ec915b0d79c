package io.jenkins.plugins.concurrency.steps.fetch;

import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.CertificateCredentials;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.common.UsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Queue;
import hudson.model.queue.Tasks;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.engine.fetch.TrafficSettings;
import io.jenkins.plugins.concurrency.engine.fetch.file.OnExisting;
import io.jenkins.plugins.concurrency.engine.fetch.http.BodyPattern;
import io.jenkins.plugins.concurrency.engine.fetch.http.FetchUrl;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestDefaults;
import io.jenkins.plugins.concurrency.engine.fetch.http.StatusRanges;
import io.jenkins.plugins.concurrency.steps.BranchStepDescriptor;
import io.jenkins.plugins.concurrency.steps.parameter.FormChecks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;
import org.springframework.security.core.Authentication;

/** The form of {@code parallelFetch}: its choices and the checks of its fields. */
@Restricted(NoExternalUse.class)
public abstract class FetchStepDescriptor extends BranchStepDescriptor {

    /** How many lines are checked at most. Nobody has domains with that many hosts. */
    private static final int MAX_URLS = 100;

    /** The choices for {@code onExisting}. */
    public ListBoxModel doFillOnExistingItems() {
        return new ListBoxModel(
                Arrays.stream(OnExisting.values()).map(choice -> new ListBoxModel.Option(choice.text())).toList());
    }

    /**
     * The choices for {@code credentialsId}: the credentials that are valid for all URLs.
     *
     * @param item the job that will use them; {@code null} if the form belongs to no job
     * @param credentialsId the present choice; it is the only one that is shown to users who may not see others
     * @param urls the lines of the form; credentials of domains that do not contain all of them are left out
     */
    @POST
    public ListBoxModel doFillCredentialsIdItems(
            @CheckForNull @AncestorInPath Item item, @QueryParameter String credentialsId, @QueryParameter String urls) {
        StandardListBoxModel items = new StandardListBoxModel();
        String current = Util.fixNull(credentialsId);
        if (!mayChoose(item)) {
            return items.includeCurrentValue(current);
        }
        Authentication user = item instanceof Queue.Task task ? Tasks.getAuthenticationOf2(task) : ACL.SYSTEM2;
        CredentialsMatcher kinds = CredentialsMatchers.anyOf(
                CredentialsMatchers.instanceOf(UsernamePasswordCredentials.class),
                CredentialsMatchers.instanceOf(StringCredentials.class),
                CredentialsMatchers.instanceOf(CertificateCredentials.class));
        return items.includeEmptyValue()
                .includeMatchingAs(user, item, StandardCredentials.class, requirements(Util.fixNull(urls)), kinds)
                .includeCurrentValue(current);
    }

    private static boolean mayChoose(@CheckForNull Item job) {
        if (job == null) {
            return Jenkins.get().hasPermission(Jenkins.ADMINISTER);
        }
        return job.hasPermission(Item.EXTENDED_READ) || job.hasPermission(CredentialsProvider.USE_ITEM);
    }

    private static List<DomainRequirement> requirements(String urls) {
        List<DomainRequirement> requirements = new ArrayList<>();
        for (String line : urls.lines().limit(MAX_URLS).toList()) {
            try {
                requirements.addAll(FetchCredentials.requirements(FetchUrl.parse(line.strip())));
            } catch (IllegalArgumentException e) {
                // the check of the field reports it
            }
        }
        return requirements;
    }

    /** Converts headers to lines for a text field. */
    public String headerLines(@CheckForNull Object headers) {
        return FieldLines.lines(headers, ": ");
    }

    /** Converts a query or a form to lines for a text field. */
    public String fieldLines(@CheckForNull Object fields) {
        return FieldLines.lines(fields, "=");
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
        if (!(FieldLines.read(line, ':') instanceof Map<?, ?> header)) {
            throw new IllegalArgumentException(Messages.FetchStepDescriptor_NoHeader());
        }
        header.forEach((name, value) -> request("GET", Map.of(name.toString(), value)));
    }

    @POST
    public FormValidation doCheckAccept(@QueryParameter String value) {
        return FormChecks.text(value, accept -> request("GET", Map.of("Accept", accept)));
    }

    @POST
    public FormValidation doCheckQuery(@QueryParameter String value) {
        return FormChecks.lines(value, FetchStepDescriptor::checkField);
    }

    @POST
    public FormValidation doCheckForm(@QueryParameter String value) {
        return doCheckQuery(value);
    }

    private static void checkField(String line) {
        if (!(FieldLines.read(line, '=') instanceof Map)) {
            throw new IllegalArgumentException(Messages.FetchStepDescriptor_NoField());
        }
    }

    @POST
    public FormValidation doCheckValidBody(@QueryParameter String value) {
        return FormChecks.text(value, BodyPattern::parse);
    }

    /** Throws an exception if the engine would refuse a request like this. */
    private static void request(String method, Map<String, ?> headers) {
        Objects.requireNonNull(new RequestDefaults(method, headers, null, RequestDefaults.STANDARD.validStatus()));
    }

    @POST
    public FormValidation doCheckValidStatus(@QueryParameter String value) {
        return FormChecks.text(value, StatusRanges::parse);
    }

    @POST
    public FormValidation doCheckRate(@QueryParameter String value) {
        try {
            Objects.requireNonNull(new TrafficSettings(1, 0, Double.parseDouble(value.strip())));
            return FormValidation.ok();
        } catch (NumberFormatException e) {
            return FormValidation.error(Messages.FetchStepDescriptor_NoRate());
        } catch (IllegalArgumentException e) {
            return FormValidation.error(e.getMessage());
        }
    }

    /** Warns if the administrator does not allow it. */
    @POST
    public FormValidation doCheckIgnoreTls(@QueryParameter boolean value) {
        return value && !ConcurrencyConfiguration.get().isAllowIgnoreTls()
                ? FormValidation.warning(Messages.FetchStepDescriptor_NoIgnoreTls())
                : FormValidation.ok();
    }
}
