package io.jenkins.plugins.concurrency.steps;

import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.CertificateCredentials;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.common.UsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Item;
import hudson.model.Queue;
import hudson.model.queue.Tasks;
import hudson.security.ACL;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.concurrency.engine.fetch.FetchUrl;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.springframework.security.core.Authentication;

/** The credentials that a form offers for requests. */
final class FetchCredentialsItems {

    private static final CredentialsMatcher KINDS = CredentialsMatchers.anyOf(
            CredentialsMatchers.instanceOf(UsernamePasswordCredentials.class),
            CredentialsMatchers.instanceOf(StringCredentials.class),
            CredentialsMatchers.instanceOf(CertificateCredentials.class));

    /** More lines are not looked at, as domains of so many hosts have nobody. */
    private static final int MAX_URLS = 100;

    private FetchCredentialsItems() {}

    /**
     * @param job the job that is to use them; {@code null} where the form belongs to none
     * @param current what is chosen now; all that is shown to who may not see the others
     * @param urls the lines of the form; credentials of domains that do not have all of them are left out
     */
    static ListBoxModel of(@CheckForNull Item job, String current, String urls) {
        StandardListBoxModel items = new StandardListBoxModel();
        if (!mayChoose(job)) {
            return items.includeCurrentValue(current);
        }
        Authentication user = job instanceof Queue.Task task ? Tasks.getAuthenticationOf2(task) : ACL.SYSTEM2;
        return items.includeEmptyValue()
                .includeMatchingAs(user, job, StandardCredentials.class, requirements(urls), KINDS)
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
                // the field itself says so
            }
        }
        return requirements;
    }
}
