package io.jenkins.plugins.concurrency.engine.fetch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.fetch.connect.Tls;
import io.jenkins.plugins.concurrency.engine.fetch.destination.NameLookup;
import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.fetch.file.OnExisting;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.fixture.TestCertificates;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Against the server that most of the web runs on. */
public class NginxTest {

    /** A few requests a connection, so that there are many ends of connections. */
    private static final String FEW = "keepalive_requests 10;";

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private Path root;
    private Path base;

    @Before
    public void makeFiles() throws Exception {
        root = folder.newFolder("root").toPath();
        base = folder.newFolder("workspace").toPath();
        // its workers may run as another user
        Files.setPosixFilePermissions(
                folder.getRoot().toPath(), java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(root.resolve("page.html"), "x".repeat(10_240));
        Files.writeString(root.resolve("large.bin"), "0123456789".repeat(500_000));
        Files.setLastModifiedTime(root.resolve("large.bin"), FileTime.from(Instant.parse("2024-10-01T10:00:00Z")));
    }

    @Test
    public void twoThousandFilesOverConnectionsThatItClosesNowAndThen() throws Exception {
        try (Nginx nginx = new Nginx(root, "", FEW);
                FetchRun run = new FetchRun()) {
            twoThousandFiles(run, "http://127.0.0.1:" + nginx.port);
        }
    }

    @Test
    public void twoThousandFilesOverHttp2() throws Exception {
        Tls tls = secure();
        try (Nginx nginx = new Nginx(root, "ssl http2", CERTIFICATE);
                FetchRun run = new FetchRun(new HttpReactor(NameLookup.SYSTEM, tls))) {
            twoThousandFiles(run, "https://127.0.0.1:" + nginx.port);
        }
    }

    @Test
    public void twoThousandFilesOverHttp2ConnectionsThatGoAway() throws Exception {
        Tls tls = secure();
        try (Nginx nginx = new Nginx(root, "ssl http2", CERTIFICATE + FEW);
                FetchRun run = new FetchRun(new HttpReactor(NameLookup.SYSTEM, tls))) {
            twoThousandFiles(run, "https://127.0.0.1:" + nginx.port);
        }
    }

    @Test
    public void http2IsSpokenOverOneConnection() throws Exception {
        Tls tls = secure();
        String settings = CERTIFICATE + " location /protocol { return 200 \"$server_protocol $connection\"; }";
        try (Nginx nginx = new Nginx(root, "ssl http2", settings);
                FetchRun run = new FetchRun(new HttpReactor(NameLookup.SYSTEM, tls))) {
            String url = "https://127.0.0.1:" + nginx.port + "/protocol";
            run.run(IntStream.range(0, 200).mapToObj(i -> FetchBranch.of(i, url)).toList());
            List<Object> bodies = run.outcomes.values().stream()
                    .map(outcome -> outcome.details().get(OutcomeDetail.BODY))
                    .distinct()
                    .toList();
            assertEquals("one connection: " + bodies, 1, bodies.size());
            assertTrue(bodies.toString(), bodies.get(0).toString().startsWith("HTTP/2.0 "));
        }
    }

    @Test
    public void namesThatTheJvmTakesForNone() throws Exception {
        Path keys = folder.newFolder().toPath();
        TestCertificates certificates = new TestCertificates(keys, "-ext", "SAN=DNS:*.example.org", "-validity", "2");
        Files.writeString(root.resolve("server.pem"), certificates.pem());
        String settings = CERTIFICATE + " location /name { return 200 \"$ssl_server_name\"; }";
        NameLookup names = host -> new InetAddress[] {InetAddress.getLoopbackAddress()};
        try (Nginx nginx = new Nginx(root, "ssl http2", settings);
                FetchRun run = new FetchRun(new HttpReactor(names, Tls.trusting(certificates.trust())))) {
            String mine = "https://my_host.example.org:" + nginx.port + "/name";
            assertEquals("my_host.example.org", run.fetch(mine).details().get(OutcomeDetail.BODY));
            for (String host : List.of("my_host.example.net", "my_host", "_.a.example.org")) {
                Outcome refused = run.fetch("https://" + host + ":" + nginx.port + "/name");
                assertEquals(host + ": " + refused.error(), ErrorType.TLS, refused.error().type());
                String message = refused.error().message();
                assertTrue(message, message.contains(host + ":" + nginx.port + " is not accepted: "));
            }
        }
    }

    @Test
    public void http11IsSpokenWhereThereIsNothingElse() throws Exception {
        Tls tls = secure();
        String settings = CERTIFICATE + " location /protocol { return 200 \"$server_protocol\"; }";
        try (Nginx nginx = new Nginx(root, "ssl", settings);
                FetchRun run = new FetchRun(new HttpReactor(NameLookup.SYSTEM, tls))) {
            assertEquals(
                    "HTTP/1.1",
                    run.fetch("https://127.0.0.1:" + nginx.port + "/protocol").details().get(OutcomeDetail.BODY));
            twoThousandFiles(run, "https://127.0.0.1:" + nginx.port);
        }
    }

    @Test
    public void largeBodiesBothWaysOverHttp2() throws Exception {
        Tls tls = secure();
        String settings = CERTIFICATE
                + " client_max_body_size 20m; location /up { client_body_in_single_buffer on;"
                + " client_body_buffer_size 10m; proxy_pass https://127.0.0.1:$server_port/echo; }"
                + " location /echo { return 200 \"$content_length\"; }";
        try (Nginx nginx = new Nginx(root, "ssl http2", settings);
                FetchRun run = new FetchRun(new HttpReactor(NameLookup.SYSTEM, tls))) {
            run.storeIn(new BodyStorage(base.toString(), "pages", 0));
            String url = "https://127.0.0.1:" + nginx.port;
            assertEquals(
                    20,
                    run.run(IntStream.range(0, 20).mapToObj(i -> FetchBranch.of(i, url + "/large.bin")).toList())
                            .succeeded());
            try (Stream<Path> files = Files.list(base.resolve("pages"))) {
                for (Path file : files.toList()) {
                    assertEquals(5_000_000, Files.size(file));
                }
            }
            run.storeIn(new BodyStorage(base.toString(), null, 0));
            Files.writeString(base.resolve("upload"), "u".repeat(3_000_000));
            Outcome outcome = run.fetch(
                    Branches.json("{'url':'" + url + "/up','method':'POST','bodyFile':'upload'}"));
            assertEquals(String.valueOf(outcome.error()), "3000000", outcome.details().get(OutcomeDetail.BODY));
            Outcome parts = run.fetch(Branches.json(
                    "{'url':'" + url + "/up','multipart':{'a':{'file':'upload'},'b':'text','c':{'file':'upload'}}}"));
            assertTrue(String.valueOf(parts.error()), Long.parseLong(parts.details().get(OutcomeDetail.BODY).toString()) > 6_000_000);
        }
    }

    @Test
    public void everyMethodReachesIt() throws Exception {
        String settings = " location / { return 200 \"$request_method $content_length\"; }";
        Tls tls = secure();
        try (Nginx plain = new Nginx(root, "", settings);
                Nginx secure = new Nginx(folder.newFolder("other").toPath(), "ssl http2", settings + certificate());
                FetchRun run = new FetchRun(new HttpReactor(NameLookup.SYSTEM, tls))) {
            for (String url : List.of("http://127.0.0.1:" + plain.port, "https://127.0.0.1:" + secure.port)) {
                for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")) {
                    String body = method.equals("GET") || method.equals("OPTIONS") ? null : "12345";
                    Outcome outcome = run.fetch(Branches.sending(method, url + "/", Map.of(), body));
                    assertEquals(
                            method + " " + (body == null ? "" : "5"), outcome.details().get(OutcomeDetail.BODY));
                }
                assertEquals(OutcomeStatus.SUCCEEDED, run.fetch(Branches.sending("HEAD", url + "/", Map.of(), null)).status());
            }
        }
    }

    @Test
    public void packedResumedAndRevalidated() throws Exception {
        try (Nginx nginx = new Nginx(root, "", "gzip on; gzip_min_length 1;");
                FetchRun run = new FetchRun()) {
            String url = "http://127.0.0.1:" + nginx.port;
            Map<String, Object> page = run.fetch(url + "/page.html").details();
            assertEquals("gzip", ((Map<?, ?>) page.get(OutcomeDetail.HEADERS)).get("content-encoding"));
            assertEquals("x".repeat(10_240), page.get(OutcomeDetail.BODY));
            run.storeIn(new BodyStorage(base.toString(), "d", 0, OnExisting.REVALIDATE));
            assertEquals(null, run.fetch(url + "/large.bin").details().get(OutcomeDetail.KEPT));
            assertEquals(true, run.fetch(url + "/large.bin").details().get(OutcomeDetail.KEPT));
        }
    }

    private void twoThousandFiles(FetchRun run, String url) throws Exception {
        run.storeIn(new BodyStorage(base.toString(), "pages", 0));
        run.run(IntStream.range(0, 2_000).mapToObj(i -> FetchBranch.of(i, url + "/page.html")).toList());
        List<Outcome> failed = run.outcomes.values().stream()
                .filter(outcome -> outcome.status() != OutcomeStatus.SUCCEEDED)
                .toList();
        assertEquals(List.of(), failed);
        assertTrue(run.outcomes.values().stream().allMatch(outcome -> outcome.attempts() == 1));
        try (Stream<Path> files = Files.list(base.resolve("pages"))) {
            assertEquals(2_000, files.count());
        }
    }

    private static final String CERTIFICATE = "ssl_certificate server.pem; ssl_certificate_key server.pem;";

    private String certificate() {
        String pem = root.resolve("server.pem").toString();
        return "ssl_certificate " + pem + "; ssl_certificate_key " + pem + ";";
    }

    private Tls secure() throws Exception {
        TestCertificates certificates =
                new TestCertificates(folder.getRoot().toPath(), "-ext", "SAN=IP:127.0.0.1", "-validity", "2");
        Files.writeString(root.resolve("server.pem"), certificates.pem());
        return Tls.trusting(certificates.trust());
    }
}
