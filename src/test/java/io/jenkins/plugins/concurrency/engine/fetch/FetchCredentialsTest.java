package io.jenkins.plugins.concurrency.engine.fetch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.fetch.connect.Tls;
import io.jenkins.plugins.concurrency.engine.fetch.destination.NameLookup;
import io.jenkins.plugins.concurrency.engine.fetch.http.CredentialReference;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestDefaults;
import io.jenkins.plugins.concurrency.engine.fetch.http.StatusRanges;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.RecordCodec;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.TestCertificates;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FetchCredentialsTest {

    private static final CredentialReference USER = new CredentialReference("user", CredentialReference.Kind.BASIC, false);
    private static final CredentialReference TOKEN = new CredentialReference("token", CredentialReference.Kind.BEARER, false);
    private static final CredentialReference CERTIFICATE =
            new CredentialReference("certificate", CredentialReference.Kind.CERTIFICATE, false);

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final HttpTestServer server = new HttpTestServer();

    @Rule
    public final HttpTestServer other = new HttpTestServer();

    @Rule
    public final FetchRun run = new FetchRun();

    @Before
    public void start() throws Exception {
        run.variables.put(CredentialReference.secretVariable(0), "bWU6c2VjcmV0");
        run.variables.put(CredentialReference.secretVariable(1), "abc.def");
    }

    @Test
    public void forAllAndForEach() throws Exception {
        run.authenticate(USER, TOKEN);
        run.run(List.of(
                FetchBranch.of(0, server.url("/ok/0")),
                FetchBranch.fromJson(
                        1, io.jenkins.plugins.concurrency.engine.json.JsonObject.parse(
                                "{\"url\":\"" + server.url("/ok/1") + "\",\"credentialsId\":\"token\"}"))));
        assertEquals("Basic bWU6c2VjcmV0", sent("/ok/0").get("authorization"));
        assertEquals("Bearer abc.def", sent("/ok/1").get("authorization"));
    }

    @Test
    public void theyNeverFollowToAnotherOrigin() throws Exception {
        run.authenticate(USER, TOKEN);
        server.on("away", (request, to) -> to.redirect(307, other.url("/back")));
        other.on("back", (request, to) -> to.redirect(307, server.url("/ok/1")));
        server.on("here", (request, to) -> to.redirect(307, "/ok/2"));
        assertEquals(OutcomeStatus.SUCCEEDED, run.fetch(server.url("/away")).status());
        assertEquals(OutcomeStatus.SUCCEEDED, run.fetch(server.url("/here")).status());
        assertEquals("Basic bWU6c2VjcmV0", sent("/away").get("authorization"));
        assertNull(other.requests.get(0).headers().get("authorization"));
        assertNull("not even back home", sent("/ok/1").get("authorization"));
        assertEquals("Basic bWU6c2VjcmV0", sent("/ok/2").get("authorization"));
    }

    @Test
    public void thoseOfAPathDoNotFollowToAnotherPath() throws Exception {
        run.authenticate(new CredentialReference("user", CredentialReference.Kind.BASIC, true));
        server.on("away", (request, to) -> to.redirect(307, "/ok/1"));
        server.on("again", (request, to) -> {
            if (request.target().endsWith("?once")) {
                to.respond(200, "text/plain", "");
            } else {
                to.redirect(307, "/again?once");
            }
        });
        assertEquals(OutcomeStatus.SUCCEEDED, run.fetch(server.url("/away")).status());
        assertEquals(OutcomeStatus.SUCCEEDED, run.fetch(server.url("/again")).status());
        assertEquals("Basic bWU6c2VjcmV0", sent("/away").get("authorization"));
        assertNull(sent("/ok/1").get("authorization"));
        assertEquals("Basic bWU6c2VjcmV0", sent("/again?once").get("authorization"));
    }

    @Test
    public void theyWinOverDefaultHeadersButNotOverTheBranchsOwn() throws Exception {
        run.request(
                new RequestDefaults("GET", Map.of("authorization", "old"), null, StatusRanges.parse("200:299")),
                RedirectSettings.FOLLOW);
        run.authenticate(USER);
        run.fetch(server.url("/ok/0"));
        assertEquals("Basic bWU6c2VjcmV0", sent("/ok/0").get("authorization"));
        Outcome both = run.fetch(Branches.json("{'url':'" + server.url("/ok/1")
                + "','credentialsId':'user','headers':{'AUTHORIZATION':'mine'}}"));
        assertEquals(ErrorType.INVALID, both.error().type());
    }

    @Test
    public void unknownOnesAreInvalidAndMissingOnesEndTheRun() throws Exception {
        run.authenticate(USER);
        Outcome unknown =
                run.fetch(Branches.json("{'url':'" + server.url("/ok/1") + "','credentialsId':'nobody'}"));
        assertEquals(ErrorType.INVALID, unknown.error().type());
        assertTrue(unknown.error().message(), unknown.error().message().startsWith("the credentials 'nobody' have not"));
        run.variables.clear();
        assertEquals(
                "the credentials 'user' are gone",
                assertThrows(UncheckedIOException.class, () -> run.fetch(server.url("/ok/1")))
                        .getCause()
                        .getMessage());
        assertEquals(0, server.requests.size());
    }

    @Test
    public void aSecretThatCannotBeUsedFailsItsBranchesAlone() throws Exception {
        run.authenticate(USER, TOKEN, CERTIFICATE);
        run.variables.put(CredentialReference.secretVariable(1), "a token\nwith its line break\n");
        run.variables.put(CredentialReference.secretVariable(2), "bm90aGluZw==");
        Outcome token = run.fetch(Branches.json("{'url':'" + server.url("/ok/1") + "','credentialsId':'token'}"));
        assertEquals(ErrorType.INVALID, token.error().type());
        assertTrue(token.error().message(), token.error().message().startsWith("the credentials 'token' have a character"));
        Outcome certificate =
                run.fetch(Branches.json("{'url':'https://127.0.0.1/','credentialsId':'certificate'}"));
        assertEquals(ErrorType.INVALID, certificate.error().type());
        assertEquals(OutcomeStatus.SUCCEEDED, run.fetch(server.url("/ok/1")).status());
    }

    @Test
    public void secretsAreInNoSettings() {
        run.authenticate(USER, TOKEN);
        String json = Json.write(RecordCodec.encode(run.settings)) + run.settings;
        run.variables.values().forEach(secret -> assertFalse(json.contains(secret)));
        assertEquals(
                List.of(
                        "CONCURRENCY_STEPS_CREDENTIAL_0",
                        "CONCURRENCY_STEPS_CREDENTIAL_0_PASSWORD",
                        "CONCURRENCY_STEPS_CREDENTIAL_1",
                        "CONCURRENCY_STEPS_CREDENTIAL_1_PASSWORD"),
                run.settings.secretVariables());
    }

    @Test
    public void certificatesAreShownToTheirOriginOnly() throws Exception {
        TestCertificates certificates =
                new TestCertificates(folder.getRoot().toPath(), "-ext", "SAN=IP:127.0.0.1", "-validity", "2");
        HttpReactor reactor = new HttpReactor(NameLookup.SYSTEM, Tls.trusting(certificates.trust()));
        try (HttpTestServer known = new HttpTestServer(certificates.listenToKnownClients());
                HttpTestServer strict = new HttpTestServer(certificates.listenToKnownClients());
                FetchRun tls = new FetchRun(reactor)) {
            Outcome anonymous = tls.fetch(known.url("/ok/1"));
            assertEquals(OutcomeStatus.FAILED, anonymous.status());
            tls.variables.put(
                    CredentialReference.secretVariable(0), Base64.getEncoder().encodeToString(certificates.pkcs12()));
            tls.variables.put(CredentialReference.passwordVariable(0), "changeit");
            tls.authenticate(CERTIFICATE);
            assertEquals("x", tls.fetch(known.url("/ok/1")).details().get(OutcomeDetail.BODY));
            known.on("away", (request, to) -> to.redirect(302, strict.url("/ok/1")));
            assertEquals(OutcomeStatus.FAILED, tls.fetch(known.url("/away")).status());
            assertEquals(0, strict.requests.size());
            tls.variables.put(CredentialReference.passwordVariable(0), "wrong");
            assertEquals(ErrorType.INVALID, tls.fetch(known.url("/ok/1")).error().type());
            tls.variables.put(CredentialReference.passwordVariable(0), "changeit");
            Outcome plain = tls.fetch(server.url("/ok/1"));
            assertEquals(
                    "the credentials 'certificate' are a certificate, which is shown in TLS only: give an https URL",
                    plain.error().message());
        }
    }

    private Map<String, String> sent(String target) {
        return server.requests.stream()
                .filter(request -> request.target().equals(target))
                .findFirst()
                .orElseThrow()
                .headers();
    }
}
