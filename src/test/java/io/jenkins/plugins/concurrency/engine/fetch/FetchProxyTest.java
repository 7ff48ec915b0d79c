package io.jenkins.plugins.concurrency.engine.fetch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.fetch.connect.NetworkSettings;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Tls;
import io.jenkins.plugins.concurrency.engine.fetch.destination.DestinationSettings;
import io.jenkins.plugins.concurrency.engine.fetch.http.CredentialReference;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.ProxySettings;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.schedule.OutcomeCounts;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.TestCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.hc.core5.concurrent.DefaultThreadFactory;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Through a proxy that knows names nobody else does: {@code *.example} is this machine. */
public class FetchProxyTest {

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private static final int URLS = 64;

    @Rule
    public final HttpTestServer server = new HttpTestServer();

    @Rule
    public final HttpTestServer proxy = new HttpTestServer();

    private final HttpReactor reactor = new HttpReactor(FetchProxyTest::lookUp, Tls.ofJvm());

    @Rule
    public final FetchRun run = new FetchRun(reactor);

    @Before
    public void start() throws Exception {
        proxy.onAnything((request, to) -> {
            if (request.method().equals("CONNECT")) {
                tunnel(request, to);
            } else {
                to.respond(200, "text/plain", "by proxy: " + request.method() + " " + request.target());
            }
        });
        use(null);
    }

    @Test
    public void plainRequestsGoToTheProxyWhole() throws Exception {
        assertEquals(
                "by proxy: GET http://site.example/page?x=1",
                run.fetch("http://site.example/page?x=1").details().get(OutcomeDetail.BODY));
        assertEquals("site.example", proxy.requests.get(0).headers().get("host"));
        assertNull(proxy.requests.get(0).headers().get("proxy-authorization"));
        assertEquals(
                20,
                run.run(IntStream.range(0, 20)
                                .mapToObj(i -> FetchBranch.of(i, "http://site.example:81/" + i))
                                .toList())
                        .succeeded());
    }

    @Test
    public void secureOnesThroughATunnel() throws Exception {
        TestCertificates certificates =
                new TestCertificates(folder.getRoot().toPath(), "-ext", "SAN=DNS:secure.example", "-validity", "2");
        try (HttpTestServer secure = new HttpTestServer(certificates.listen());
                FetchRun tls = new FetchRun(new HttpReactor(FetchProxyTest::lookUp, Tls.trusting(certificates.trust())))) {
            use("me");
            tls.settings = run.settings;
            tls.variables.put(FetchSettings.PROXY_PASSWORD, "secret");
            String url = "https://secure.example:" + secure.port();
            Outcome outcome = tls.fetch(url + "/ok/3");
            assertEquals(String.valueOf(outcome.error()), "xxx", outcome.details().get(OutcomeDetail.BODY));
            assertEquals("secure.example:" + secure.port(), proxy.requests.get(0).target());
            assertEquals("Basic bWU6c2VjcmV0", proxy.requests.get(0).headers().get("proxy-authorization"));
            assertNull("not told to the server", secure.requests.get(0).headers().get("proxy-authorization"));
            assertEquals("/ok/3", secure.requests.get(0).target());
            assertEquals(OutcomeStatus.SUCCEEDED, tls.fetch(url + "/ok/2").status());
            assertEquals("the tunnel is used again", 1, proxy.requests.size());
        }
    }

    @Test
    public void tunnelsOfProxiesThatCloseOtherConnections() throws Exception {
        TestCertificates certificates =
                new TestCertificates(folder.getRoot().toPath(), "-ext", "SAN=DNS:secure.example", "-validity", "2");
        try (HttpTestServer secure = new HttpTestServer(certificates.listen());
                FetchRun tls = new FetchRun(new HttpReactor(FetchProxyTest::lookUp, Tls.trusting(certificates.trust())))) {
            tls.settings = run.settings;
            for (String head : List.of("HTTP/1.0 200 OK\r\n", "HTTP/1.1 200 OK\r\nConnection: close\r\n", "HTTP/1.1 201 Created\r\n")) {
                proxy.onAnything((request, to) -> tunnel(request, to, head + "\r\n"));
                Outcome outcome = tls.fetch("https://secure.example:" + secure.port() + "/ok/3");
                assertEquals(head + outcome.error(), "xxx", outcome.details().get(OutcomeDetail.BODY));
                secure.on("ok", (request, to) -> to.respond(200, "text/plain", "xxx", "Connection: close"));
            }
        }
    }

    @Test
    public void excludedHostsAndThisMachineAreReachedDirectly() throws Exception {
        for (String host : List.of("127.0.0.1", "localhost", "direct.example")) {
            assertEquals(OutcomeStatus.SUCCEEDED, run.fetch("http://" + host + ":" + server.port() + "/ok/1").status());
        }
        assertEquals(0, proxy.requests.size());
        assertEquals(3, server.requests.size());
    }

    @Test
    public void refusedTunnelsAreNotAskedForAgain() throws Exception {
        run.retry = new RetryPolicy(3, Duration.ZERO);
        proxy.onAnything((request, to) -> to.respond(
                403, "text/html", "<html><title>no</title><style>p {}</style><p>Access <b>denied</b>.\n &lt;here&gt;</html>"));
        Outcome outcome = run.fetch("https://secure.example/");
        assertEquals(ErrorType.CONNECT, outcome.error().type());
        assertEquals(
                name() + " refused to connect to secure.example:443: HTTP 403 Forbidden: Access denied . <here>",
                outcome.error().message());
        assertEquals(1, outcome.attempts());
        proxy.onAnything((request, to) -> to.respond(503, "text/plain", ""));
        assertEquals(4, run.fetch("https://secure.example/").attempts());
    }

    @Test
    public void aWrongPasswordIsSentOnce() throws Exception {
        run.retry = new RetryPolicy(3, Duration.ZERO);
        run.limit(1, 0);
        use("me");
        run.variables.put(FetchSettings.PROXY_PASSWORD, "wrong");
        proxy.onAnything((request, to) -> to.respond(407, "text/plain", "who are you?", "Proxy-Authenticate: Basic realm=\"x\""));
        run.run(IntStream.range(0, 10)
                .mapToObj(i -> FetchBranch.of(i, (i % 2 == 0 ? "https" : "http") + "://site.example/" + i))
                .toList());
        assertEquals(1, proxy.requests.size());
        assertEquals(
                name() + " refused to connect to site.example:443: HTTP 407 Proxy Authentication Required: who are you?",
                run.outcomes.get(0).error().message());
        assertTrue(run.outcomes.get(1).error().message().startsWith(name() + " has just refused the user name or password"));
        run.variables.put(FetchSettings.PROXY_PASSWORD, "right");
        proxy.onAnything((request, to) -> to.respond(200, "text/plain", "fine"));
        assertEquals(OutcomeStatus.SUCCEEDED, run.fetch("http://site.example/").status());
    }

    @Test
    public void aServerCannotKeepOthersFromTheProxy() throws Exception {
        use("me");
        run.variables.put(FetchSettings.PROXY_PASSWORD, "right");
        proxy.onAnything((request, to) -> to.respond(request.target().endsWith("/odd") ? 407 : 200, "text/plain", "fine"));
        assertEquals(ErrorType.STATUS, run.fetch("http://site.example/odd").error().type());
        assertEquals(OutcomeStatus.SUCCEEDED, run.fetch("http://other.example/").status());
    }

    @Test
    public void aWrongPasswordIsSentOnceByRequestsThatStartTogether() throws Exception {
        AtomicInteger refused = new AtomicInteger();
        useUntried("wrong");
        proxy.onAnything((request, to) -> {
            awaitConnections(URLS);
            refused.incrementAndGet();
            to.respond(407, "text/plain", "who are you?", "Proxy-Authenticate: Basic realm=\"x\"");
        });
        for (String scheme : List.of("http", "https")) {
            useUntried("wrong for " + scheme);
            refused.set(0);
            assertEquals(URLS, run.run(together(scheme, "http")).failed());
            assertEquals(scheme, 1, refused.get());
        }
    }

    @Test
    public void whileAPasswordIsTriedOthersWaitForTheAnswerOnly() throws Exception {
        AtomicInteger before = new AtomicInteger();
        useUntried("right");
        proxy.onAnything((request, to) -> {
            awaitConnections(URLS);
            before.compareAndSet(0, proxy.requests.size());
            to.respond(request.method().equals("CONNECT") ? 403 : 200, "text/plain", "");
        });
        assertEquals(URLS / 2, run.run(together("http", "https")).succeeded());
        assertEquals("under way at first", 1, before.get());
        assertEquals(URLS, proxy.requests.size());
    }

    @Test
    public void whoGetsNoAnswerToAPasswordLeavesTheNextOneToTry() throws Exception {
        AtomicInteger unanswered = new AtomicInteger(3);
        AtomicInteger answered = new AtomicInteger();
        useUntried("right");
        proxy.onAnything((request, to) -> {
            if (unanswered.getAndDecrement() > 0) {
                to.hangUp();
            } else {
                answered.incrementAndGet();
                to.respond(request.method().equals("CONNECT") ? 403 : 200, "text/plain", "");
            }
        });
        run.run(together("http", "https"));
        long closed = run.outcomes.values().stream()
                .filter(outcome -> String.valueOf(outcome.error()).contains("closed"))
                .count();
        assertEquals(URLS, closed + answered.get());
        assertTrue(closed + " were closed", 1 <= closed && closed <= 3);
    }

    @Test(timeout = Await.PATIENCE_SECONDS * 1_000)
    public void aPasswordIsForgottenWithTheLastRunThatHasIt() throws Exception {
        useUntried("right");
        proxy.onAnything((request, to) -> {
            if (request.target().endsWith("/slow")) {
                to.awaitRelease();
            }
            to.respond(200, "text/plain", "", "Keep-Alive: timeout=3600");
        });
        assertEquals(OutcomeStatus.SUCCEEDED, run.fetch("http://site.example/").status());
        FetchRun other = run.beside();
        other.variables.putAll(run.variables);
        CompletionStage<OutcomeCounts> slow = other.start(List.of(FetchBranch.of(0, "http://site.example/slow")));
        Await.until("both requests", () -> proxy.requests.size() == 2);
        assertEquals(OutcomeStatus.SUCCEEDED, run.fetch("http://site.example/").status());
        reactor.sweep();
        assertEquals("one of them is idle", 2, proxy.openConnections());
        proxy.release();
        assertEquals(1, slow.toCompletableFuture().get().succeeded());
        Await.until("the end of all connections", () -> proxy.openConnections() == 0);
    }

    private void useUntried(String password) {
        run.limit(URLS, 0);
        use("me");
        run.variables.put(FetchSettings.PROXY_PASSWORD, password);
    }

    private static List<FetchBranch> together(String even, String odd) {
        return IntStream.range(0, URLS)
                .mapToObj(i -> FetchBranch.of(i, (i % 2 == 0 ? even : odd) + "://site" + i + ".example/"))
                .toList();
    }

    private void awaitConnections(int count) throws Exception {
        Await.until(count + " connections", () -> proxy.connectionsAccepted() >= count);
    }

    @Test
    public void whatAPlainProxySaysAndDoesIsTheProxys() throws Exception {
        proxy.onAnything((request, to) -> to.respond(502, "text/plain", "no such host"));
        Outcome outcome = run.fetch("http://site.example/");
        assertEquals(ErrorType.STATUS, outcome.error().type());
        assertEquals("HTTP 502 Bad Gateway through " + name() + ": no such host", outcome.error().message());
        proxy.onAnything((request, to) -> to.respond(407, "text/plain", ""));
        assertEquals(
                "HTTP 407 Proxy Authentication Required from " + name(),
                run.fetch("http://site.example/").error().message());
        proxy.onAnything((request, to) -> to.hangUp());
        assertEquals(
                "connection to " + name() + " closed before the response",
                run.fetch("http://other.example/").error().message());
    }

    private String name() {
        return "the proxy 127.0.0.1:" + proxy.port();
    }

    @Test
    public void proxiesThatAreNotThere() throws Exception {
        proxy.close();
        for (String url : List.of("http://site.example/", "https://secure.example/")) {
            Outcome outcome = run.fetch(url);
            assertEquals(ErrorType.CONNECT, outcome.error().type());
            assertEquals("connection to the proxy 127.0.0.1:" + proxy.port() + " refused", outcome.error().message());
        }
    }

    @Test
    public void proxiesThatStall() throws Exception {
        run.connectWithin(Duration.ofMillis(500));
        proxy.onAnything((request, to) -> to.awaitClose());
        Outcome outcome = run.fetch("https://secure.example/");
        assertEquals(ErrorType.TIMEOUT, outcome.error().type());
        assertEquals("no connection to the proxy 127.0.0.1:" + proxy.port() + " within 500 ms", outcome.error().message());
    }

    @Test
    public void theGuardLooksAtWhatIsKnown() throws Exception {
        run.connectBy(new NetworkSettings(
                new DestinationSettings(false, List.of(), List.of("*.bad.example")), settings(null), false, false));
        for (String url : List.of(
                "http://169.254.169.254/", "https://[fe80::1]/", "http://10.0.0.1/", "http://2852039166/",
                "http://x.bad.example/", "http://[::ffff:169.254.169.254]/")) {
            Outcome outcome = run.fetch(url);
            assertEquals(url, ErrorType.BLOCKED, outcome.error().type());
        }
        assertEquals(0, proxy.requests.size());
        assertEquals(OutcomeStatus.SUCCEEDED, run.fetch("http://good.example/").status());
    }

    @Test
    public void namesOfForbiddenAddressesAreCaughtWhereTheyAreKnown() throws Exception {
        for (String url : List.of("http://169-254-169-254.example/", "https://169-254-169-254.example/")) {
            assertEquals(ErrorType.BLOCKED, run.fetch(url).error().type());
        }
        assertEquals(0, proxy.requests.size());
    }

    @Test
    public void exclusionsHoldWhateverTheirCase() throws Exception {
        run.connectBy(new NetworkSettings(
                DestinationSettings.INTERNAL,
                new ProxySettings("127.0.0.1", proxy.port(), null, List.of("DIRECT\\.Example")),
                false,
                false));
        assertEquals(OutcomeStatus.SUCCEEDED, run.fetch("http://direct.example:" + server.port() + "/ok/1").status());
        assertEquals(0, proxy.requests.size());
    }

    @Test
    public void theEnvironmentNamesAProxy() throws Exception {
        String url = "http://me:p%40ss@127.0.0.1:" + proxy.port() + "/";
        run.variables.putAll(Map.of("http_proxy", url, "NO_PROXY", "other.example, .direct.example"));
        run.connectBy(new NetworkSettings(DestinationSettings.INTERNAL, null, true, false));
        assertEquals(
                "by proxy: GET http://site.example/",
                run.fetch("http://site.example/").details().get(OutcomeDetail.BODY));
        assertEquals("Basic bWU6cEBzcw==", proxy.requests.get(0).headers().get("proxy-authorization"));
        assertEquals(OutcomeStatus.SUCCEEDED, run.fetch("http://direct.example:" + server.port() + "/ok/1").status());
        assertEquals("https has none", ErrorType.CONNECT, run.fetch("https://site.example/").error().type());
        assertEquals(1, proxy.requests.size());
        run.connectBy(new NetworkSettings(DestinationSettings.INTERNAL, null, false, false));
        assertEquals(ErrorType.CONNECT, run.fetch("http://site.example/").error().type());
        assertEquals(1, proxy.requests.size());
    }

    @Test
    public void credentialsOfTheServerAreNotTheProxys() throws Exception {
        run.variables.put(CredentialReference.secretVariable(0), "bWU6c2VjcmV0");
        run.authenticate(new CredentialReference("user", CredentialReference.Kind.BASIC, false));
        run.fetch("http://site.example/");
        Map<String, String> headers = proxy.requests.get(0).headers();
        assertEquals("Basic bWU6c2VjcmV0", headers.get("authorization"));
        assertFalse(headers.containsKey("proxy-authorization"));
        assertTrue(run.settings.secretVariables().contains(FetchSettings.PROXY_PASSWORD));
    }

    private void use(String user) {
        run.connectBy(new NetworkSettings(DestinationSettings.INTERNAL, settings(user), false, false));
    }

    private ProxySettings settings(String user) {
        return new ProxySettings("127.0.0.1", proxy.port(), user, List.of("direct\\.example"));
    }

    private static InetAddress[] lookUp(String host) throws UnknownHostException {
        if (host.equals("direct.example") || host.equals("localhost")) {
            return new InetAddress[] {InetAddress.getByName("127.0.0.1")};
        }
        if (host.equals("169-254-169-254.example")) {
            return new InetAddress[] {InetAddress.getByName("169.254.169.254")};
        }
        throw new UnknownHostException(host);
    }

    /** Connects the client with that port of this machine which it asks for. */
    static void tunnel(HttpTestServer.Request request, HttpTestServer.Connection to) throws IOException {
        tunnel(request, to, "HTTP/1.1 200 Whatever\r\n\r\n");
    }

    private static void tunnel(HttpTestServer.Request request, HttpTestServer.Connection to, String head)
            throws IOException {
        int port = Integer.parseInt(request.target().substring(request.target().lastIndexOf(':') + 1));
        try (Socket target = new Socket(InetAddress.getLoopbackAddress(), port)) {
            to.send(head);
            new DefaultThreadFactory("tunnel", true)
                    .newThread(() -> {
                        try {
                            copy(target.getInputStream(), to);
                        } catch (IOException e) {
                            // one of them has closed it
                        }
                    })
                    .start();
            to.copyTo(target.getOutputStream());
        }
    }

    private static void copy(InputStream from, HttpTestServer.Connection to) throws IOException {
        byte[] piece = new byte[8192];
        for (int read; (read = from.read(piece)) >= 0; ) {
            to.send(java.util.Arrays.copyOf(piece, read));
        }
    }
}
