package io.jenkins.plugins.concurrency.steps;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.CertificateCredentialsImpl;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import hudson.model.Result;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.fixture.TestCertificates;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.BuildWatcher;
import org.jvnet.hudson.test.InboundAgentRule;
import org.jvnet.hudson.test.JenkinsRule;

/** A certificate among a real Jenkins' credentials is what its server gets to see. */
public class FetchCertificateTest {

    @ClassRule
    public static final BuildWatcher BUILD_WATCHER = new BuildWatcher();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final InboundAgentRule agents = new InboundAgentRule();

    @Rule
    public final JenkinsRule jenkins = new JenkinsRule();

    private HttpsServer server;
    private String step;

    @Before
    public void start() throws Exception {
        OwnNetwork.allow();
        ConcurrencyConfiguration.get().setAllowIgnoreTls(true); // the server's own certificate is not the question
        TestCertificates certificates =
                new TestCertificates(folder.getRoot().toPath(), "-ext", "SAN=IP:127.0.0.1", "-validity", "2");
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new KnownClients(certificates.context(certificates.trust())));
        server.createContext("/", exchange -> {
            String client = ((HttpsExchange) exchange).getSSLSession().getPeerPrincipal().getName();
            byte[] body = ("hello " + client).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new CertificateCredentialsImpl(
                        CredentialsScope.GLOBAL,
                        "certificate",
                        "",
                        "changeit",
                        new CertificateCredentialsImpl.UploadedKeyStoreSource(
                                null, SecretBytes.fromBytes(certificates.pkcs12()))));
        step = "parallelFetch(urls: ['https://127.0.0.1:" + server.getAddress().getPort()
                + "/'], credentialsId: 'certificate', ignoreTls: true, onFailure: 'fail').each { echo it.body }";
    }

    @After
    public void stop() {
        server.stop(0);
    }

    @Test
    public void onTheController() throws Exception {
        assertShown(step);
    }

    @Test
    public void onAnAgent() throws Exception {
        agents.createAgent(jenkins, InboundAgentRule.Options.newBuilder().name("remote").build());
        assertShown("node('remote') { " + step + " }");
    }

    private void assertShown(String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(script, true));
        WorkflowRun run = jenkins.buildAndAssertStatus(Result.SUCCESS, job);
        jenkins.assertLogContains("hello CN=server", run);
        StoredSecrets.assertNoneIn(run.getRootDir().toPath(), List.of("MII")); // how a key begins
    }

    /** Takes nobody without a certificate. */
    private static final class KnownClients extends HttpsConfigurator {

        KnownClients(SSLContext context) {
            super(context);
        }

        @Override
        public void configure(HttpsParameters parameters) {
            SSLParameters defaults = getSSLContext().getDefaultSSLParameters();
            defaults.setNeedClientAuth(true);
            parameters.setSSLParameters(defaults);
        }
    }
}
