package io.jenkins.plugins.concurrency.steps;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.CertificateCredentialsImpl;
import hudson.model.Result;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.StoredSecrets;
import io.jenkins.plugins.concurrency.fixture.TestCertificates;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.TestRule;

/** A certificate among a real Jenkins' credentials is what its server gets to see. */
public class FetchCertificateTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    private HttpTestServer server;
    private String step;

    @Before
    public void start() throws Exception {
        PipelineRule.allowOwnNetwork();
        ConcurrencyConfiguration.get().setAllowIgnoreTls(true); // the server's own certificate is not the question
        TestCertificates certificates =
                new TestCertificates(folder.getRoot().toPath(), "-ext", "SAN=IP:127.0.0.1", "-validity", "2");
        server = new HttpTestServer(certificates.listenToKnownClients());
        server.onAnything((request, to) -> to.respond(200, "hello " + to.client()));
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new CertificateCredentialsImpl(
                        CredentialsScope.GLOBAL,
                        "certificate",
                        "",
                        "changeit",
                        new CertificateCredentialsImpl.UploadedKeyStoreSource(
                                null, SecretBytes.fromBytes(certificates.pkcs12()))));
        step = "parallelFetch(urls: ['" + server.url("/") + "'], credentialsId: 'certificate',"
                + " ignoreTls: true, onFailure: 'fail').each { echo it.body }";
    }

    @After
    public void stop() {
        server.close();
    }

    @Test
    public void onTheController() throws Exception {
        assertShown(step);
    }

    @Test
    public void onAnAgent() throws Exception {
        jenkins.agent("remote");
        assertShown("node('remote') { " + step + " }");
    }

    private void assertShown(String script) throws Exception {
        WorkflowRun run = jenkins.run(Result.SUCCESS, script);
        jenkins.assertLogContains("hello CN=server", run);
        StoredSecrets.assertNoneIn(run.getRootDir().toPath(), List.of("MII")); // how a key begins
    }
}
