package io.jenkins.plugins.concurrency.steps.fetch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.HostnamePortSpecification;
import com.cloudbees.plugins.credentials.domains.HostnameSpecification;
import com.cloudbees.plugins.credentials.domains.PathSpecification;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.Result;
import hudson.util.Secret;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.StoredSecrets;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;

/** Credentials of a real Jenkins reach the server, and nobody else. */
public class FetchCredentialsTest {

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    @Rule
    public final HttpTestServer server = new HttpTestServer(this::answer);

    private final String root = server.root();
    private final Map<String, String> authorizations = new ConcurrentHashMap<>();
    private final UsernamePasswordCredentialsImpl user = user("user", "pa55-w0rd-of-me");

    public FetchCredentialsTest() throws Exception {}

    @Before
    public void start() throws Exception {
        PipelineRule.allowOwnNetwork();
        add(Domain.global(), user);
        add(
                Domain.global(),
                new StringCredentialsImpl(CredentialsScope.GLOBAL, "token", "", Secret.fromString("t0ken-of-mine")));
    }

    private void answer(HttpTestServer.Request request, HttpTestServer.Connection to) throws IOException {
        String authorization = request.headers().get("authorization");
        authorizations.put(request.path(), String.valueOf(authorization));
        if (request.path().endsWith("/moved")) {
            to.redirect(302, "/moved-here");
        } else {
            // an indiscreet server
            to.respond(200, "you are " + authorization + " aka pa55-w0rd-of-me");
        }
    }

    @Test
    public void onAnAgentAndWithoutOne() throws Exception {
        jenkins.agent("remote");
        String step = "parallelFetch(urls: ['" + root + "/user', [url: '" + root
                + "/token', credentialsId: 'token']], credentialsId: 'user', onFailure: 'fail').each { echo it.body }";
        for (String script : List.of("node('remote') { " + step + " }", step)) {
            authorizations.clear();
            WorkflowRun run = jenkins.run(Result.SUCCESS, script);
            assertEquals("Basic bWU6cGE1NS13MHJkLW9mLW1l", authorizations.get("/user"));
            assertEquals("Bearer t0ken-of-mine", authorizations.get("/token"));
            jenkins.assertLogContains("you are Basic **** aka ****", run);
            jenkins.assertLogContains("you are Bearer **** aka ****", run);
            jenkins.assertLogNotContains("pa55-w0rd", run);
            assertTrue(
                    "tracked as used",
                    CredentialsProvider.getFingerprintOf(user).getJobs().contains(run.getParent().getFullName()));
            StoredSecrets.assertNoneIn(
                    run.getRootDir().toPath(), List.of("pa55-w0rd", "bWU6cGE1NS13MHJkLW9mLW1l", "t0ken-of-mine"));
        }
    }

    @Test
    public void missingOnesEndInOneLineBeforeAnythingStarts() throws Exception {
        WorkflowRun run = jenkins.run(
                Result.FAILURE,
                "parallelFetch urls: ['" + root + "/a', [url: '" + root + "/b', credentialsId: 'nobody']]");
        jenkins.assertLogContains(
                "ERROR: parallelFetch: credentialsId: there are no credentials 'nobody' for this job", run);
        jenkins.assertLogNotContains("\tat ", run);
        assertEquals(Map.of(), authorizations);
    }

    @Test
    public void thoseOfADomainAreForItsUrlsOnly() throws Exception {
        add(
                new Domain("there", "", List.of(new HostnameSpecification("127.0.0.1", null))),
                user("there", "another-pa55w0rd"));
        jenkins.run(Result.SUCCESS, "parallelFetch urls: ['" + root + "/there'], credentialsId: 'there', onFailure: 'fail'");
        assertNotNull(authorizations.get("/there"));
        WorkflowRun elsewhere =
                jenkins.run(Result.FAILURE, "parallelFetch urls: ['http://example.org/'], credentialsId: 'there'");
        jenkins.assertLogContains("'there' belongs to a domain that http://example.org/ is not in", elsewhere);
        WorkflowRun listed = jenkins.run(
                Result.FAILURE,
                "node { writeFile file: 'u', text: ''; parallelFetch urlsFile: 'u', credentialsId: 'there' }");
        jenkins.assertLogContains("'there' belongs to a domain, and the URLs of a 'urlsFile'", listed);
        jenkins.run(
                Result.SUCCESS,
                "node { writeFile file: 'u', text: '" + root
                        + "/listed'; parallelFetch urlsFile: 'u', credentialsId: 'user', onFailure: 'fail' }");
        assertEquals("Basic bWU6cGE1NS13MHJkLW9mLW1l", authorizations.get("/listed"));
    }

    @Test
    public void urlsThatOnlyWeCanReadDoNotGetPastADomain() throws Exception {
        add(
                new Domain("there", "", List.of(new HostnameSpecification("there.example", null))),
                user("there", "another-pa55w0rd"));
        for (String url : List.of(root + "/{x}", " " + root + "/a", root.replace("127.0.0.1", "a_b"))) {
            WorkflowRun run = jenkins.run(Result.FAILURE, "parallelFetch urls: ['" + url + "'], credentialsId: 'there'");
            jenkins.assertLogContains("'there' belongs to a domain that ", run);
        }
        assertEquals(Map.of(), authorizations);
    }

    @Test
    public void domainsOfPortsAndOfExclusionsAreDomains() throws Exception {
        String port = root.substring(root.lastIndexOf(':') + 1);
        add(
                new Domain("port", "", List.of(new HostnamePortSpecification("127.0.0.1:1", null))),
                user("port", "pa55w0rd-of-port"));
        add(
                new Domain("not here", "", List.of(new HostnameSpecification(null, "127.0.0.1"))),
                user("elsewhere", "pa55w0rd-of-elsewhere"));
        for (String id : List.of("port", "elsewhere")) {
            WorkflowRun here = jenkins.run(Result.FAILURE, "parallelFetch urls: ['" + root + "/x'], credentialsId: '" + id + "'");
            jenkins.assertLogContains("'" + id + "' belongs to a domain that http://127.0.0.1:" + port, here);
            WorkflowRun listed = jenkins.run(
                    Result.FAILURE,
                    "node { writeFile file: 'u', text: ''; parallelFetch urlsFile: 'u', credentialsId: '" + id + "' }");
            jenkins.assertLogContains("'" + id + "' belongs to a domain, and the URLs of a 'urlsFile'", listed);
        }
        assertEquals(Map.of(), authorizations);
    }

    @Test
    public void thoseOfADomainWithPathsDoNotFollowToAnotherPath() throws Exception {
        add(new Domain("path", "", List.of(new PathSpecification("/there/**", null, false))), user("path", "pa55w0rd-of-path"));
        add(new Domain("host", "", List.of(new HostnameSpecification("127.0.0.1", null))), user("host", "pa55w0rd-of-host"));
        jenkins.run(Result.SUCCESS, "parallelFetch urls: ['" + root + "/there/moved'], credentialsId: 'path', onFailure: 'fail'");
        assertTrue(authorizations.get("/there/moved").startsWith("Basic "));
        assertEquals("null", authorizations.get("/moved-here"));
        jenkins.run(Result.SUCCESS, "parallelFetch urls: ['" + root + "/moved'], credentialsId: 'host', onFailure: 'fail'");
        assertEquals(authorizations.get("/moved"), authorizations.get("/moved-here"));
    }

    @Test
    public void uncheckedCertificatesNeedTheAdministratorsLeave() throws Exception {
        WorkflowRun run = jenkins.run(Result.FAILURE, "parallelFetch urls: ['" + root + "/a'], ignoreTls: true");
        jenkins.assertLogContains("ERROR: parallelFetch: ignoreTls: the administrator does not allow it", run);
    }

    private static UsernamePasswordCredentialsImpl user(String id, String password) throws Exception {
        return new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, id, "", "me", password);
    }

    private static void add(Domain domain, Credentials credentials) throws Exception {
        var store = CredentialsProvider.lookupStores(Jenkins.get()).iterator().next();
        if (!store.getDomains().contains(domain)) {
            store.addDomain(domain);
        }
        store.addCredentials(domain, credentials);
        SystemCredentialsProvider.getInstance().save();
    }

}
