package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.HostnameSpecification;
import com.cloudbees.plugins.credentials.impl.BaseStandardCredentials;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.Item;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.ListBoxModel;
import hudson.util.Secret;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import io.jenkins.plugins.concurrency.steps.fetch.ParallelFetchStep;
import java.net.URL;
import java.util.List;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** Which credentials the form of {@code parallelFetch} offers, and to whom. */
public class FetchCredentialsItemsTest {

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    private WorkflowJob job;

    @Before
    public void prepare() throws Exception {
        job = jenkins.createProject(WorkflowJob.class);
        Domain example = new Domain("example", "", List.of(new HostnameSpecification("*.example.org", "")));
        store().addDomain(example);
        add(Domain.global(), new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, "user", "", "me", "pa55-w0rd-of-me"));
        add(Domain.global(), new StringCredentialsImpl(CredentialsScope.GLOBAL, "token", "", Secret.fromString("t0ken")));
        add(Domain.global(), new OtherCredentials("other"));
        add(example, new StringCredentialsImpl(CredentialsScope.GLOBAL, "of-a-domain", "", Secret.fromString("t0ken")));
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin")
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .to("reader")
                .grant(Jenkins.READ, Item.READ, Item.EXTENDED_READ)
                .everywhere()
                .to("extended")
                .grant(Jenkins.READ, Item.READ, CredentialsProvider.USE_ITEM)
                .everywhere()
                .to("using"));
        CredentialsProvider.USE_ITEM.setEnabled(true);
    }

    private static void add(Domain domain, Credentials credentials) throws Exception {
        store().addCredentials(domain, credentials);
    }

    private static CredentialsStore store() {
        return CredentialsProvider.lookupStores(Jenkins.get()).iterator().next();
    }

    private static List<String> offered(String user, Item item, String current, String urls) {
        try (ACLContext ignored = ACL.as2(User.getById(user, true).impersonate2())) {
            ParallelFetchStep.DescriptorImpl descriptor =
                    Jenkins.get().getDescriptorByType(ParallelFetchStep.DescriptorImpl.class);
            ListBoxModel items = descriptor.doFillCredentialsIdItems(item, current, urls);
            return items.stream().map(option -> option.value).sorted().toList();
        }
    }

    @Test
    public void thoseOfTheRightKindAreOfferedToWhoMayUseThem() {
        List<String> all = List.of("", "of-a-domain", "token", "user");
        assertEquals(all, offered("admin", job, "", ""));
        assertEquals(all, offered("admin", null, "", ""));
        assertEquals(all, offered("extended", job, "", ""));
        assertEquals(all, offered("using", job, "", ""));
    }

    @Test
    public void othersSeeOnlyWhatIsChosen() {
        assertEquals(List.of("mine"), offered("reader", job, "mine", ""));
        assertEquals(List.of(""), offered("reader", job, "", ""));
        assertEquals(List.of("mine"), offered("extended", null, "mine", ""));
        assertEquals(List.of("mine"), offered("using", null, "mine", ""));
    }

    @Test
    public void whatIsChosenStaysEvenIfThereIsNoSuch() {
        assertEquals(List.of("", "gone", "of-a-domain", "token", "user"), offered("admin", job, "gone", ""));
    }

    @Test
    public void thoseOfADomainAreOfferedIfItHasAllUrls() {
        List<String> all = List.of("", "of-a-domain", "token", "user");
        List<String> ofNoDomain = List.of("", "token", "user");
        assertEquals(all, offered("admin", job, "", "https://a.example.org/1\nhttps://b.example.org/2\n${unknown}"));
        assertEquals(ofNoDomain, offered("admin", job, "", "https://a.example.org/1\nhttps://example.com/2"));
    }

    @Test
    public void theyAreAskedForByPostOnly() throws Exception {
        JenkinsRule.WebClient client = jenkins.createWebClient().login("admin").withThrowExceptionOnFailingStatusCode(false);
        String path = job.getUrl() + "descriptorByName/" + ParallelFetchStep.class.getName() + "/fillCredentialsIdItems?credentialsId=&urls=";
        URL url = new URL(jenkins.getURL(), path);
        assertEquals(404, client.getPage(url).getWebResponse().getStatusCode());
        String answer = client.getPage(client.addCrumb(new WebRequest(url, HttpMethod.POST)))
                .getWebResponse()
                .getContentAsString();
        assertEquals("t0ken is in " + answer, -1, answer.indexOf("t0ken"));
        assertEquals("token is not in " + answer, true, answer.contains("\"value\":\"token\""));
    }

    /** Of a kind that says nothing to a server. */
    private static final class OtherCredentials extends BaseStandardCredentials {
        private static final long serialVersionUID = 1;

        OtherCredentials(String id) {
            super(CredentialsScope.GLOBAL, id, "");
        }
    }
}
