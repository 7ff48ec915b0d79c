package io.jenkins.plugins.concurrency.acceptance;

import static org.junit.Assert.assertEquals;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.concurrency.engine.fetch.FetchBranch;
import io.jenkins.plugins.concurrency.steps.ParallelFetchStep;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

/** What docs/parallelFetch.md shows runs as it stands, and what it lists is what there is. */
public class DocumentedFetchTest {

    @Rule
    public final Timeout timeout = Timeout.seconds(300);

    @Rule
    public final Builds builds = new Builds();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Map<String, Integer> asked = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> patched = new ConcurrentLinkedQueue<>();
    private HttpServer server;
    private DocumentedScripts page;

    @Before
    public void start() throws Exception {
        page = DocumentedScripts.of("parallelFetch.md");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        server.setExecutor(Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "site");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::answer);
        server.start();
    }

    @After
    public void stop() {
        server.stop(0);
    }

    @Test
    public void overview() throws Exception {
        run("# `parallelFetch`").assertSaid("2 of 2 fetched");
        assertEquals("/a", Files.readString(builds.workspace().resolve("pages/a")));
    }

    @Test
    public void apiClient() throws Exception {
        run("### API client").assertSaid("2 open, 1 closed").assertSaid("closed: [issue 2]");
        assertEquals(List.of("/api/issues/2 {\"state\":\"closed\"}"), List.copyOf(patched));
    }

    @Test
    public void mirror() throws Exception {
        Builds.Build build = run("### Mirror a list of pages");
        String missing = "  http://127.0.0.1:" + server.getAddress().getPort() + "/pages/7.html: HTTP 404 Not Found";
        build.assertSaid("run 1: 49 fetched, 0 unchanged").assertSaid("run 2: 0 fetched, 49 unchanged");
        assertEquals(build.log(), 2, build.lines().stream().filter(missing::equals).count());
        assertEquals("/pages/8.html", Files.readString(builds.workspace().resolve("mirror/8.html")));
    }

    @Test
    public void downloadWithChecksums() throws Exception {
        run("### Download with checksums").assertSaid("2 of 3 verified").assertSaid("  damaged: checksum");
        try (Stream<Path> files = Files.list(builds.workspace().resolve("downloads"))) {
            assertEquals(Set.of("one", "two"), files.map(file -> file.getFileName().toString()).collect(Collectors.toSet()));
        }
    }

    @Test
    public void poll() throws Exception {
        run("### Poll with retries").assertSaid("the service is up").assertSaid("the job has ended");
        assertEquals(3, (int) asked.get("/health"));
        assertEquals(3, (int) asked.get("/jobs/1"));
    }

    @Test
    public void everyParameterAndKeyIsListed() {
        Set<String> parameters = DocumentedScripts.parameters(ParallelFetchStep.class);
        assertEquals(parameters, page.rows("## Parameters\n", "### Keys of a request\n"));
        assertEquals(new TreeSet<>(FetchBranch.FIELDS), page.rows("### Keys of a request\n", "## Bodies\n"));
    }

    /** Runs the first script below a heading. */
    private Builds.Build run(String heading) throws Exception {
        Path file = Files.writeString(folder.getRoot().toPath().resolve("documented.Jenkinsfile"), page.script(heading));
        Builds.Build build = builds.run(file, "site=http://127.0.0.1:" + server.getAddress().getPort());
        boolean unstable = heading.contains("checksums");
        return build.assertEnded(unstable ? 2 : 0, unstable ? "UNSTABLE" : "SUCCESS");
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        int count = asked.merge(path, 1, Integer::sum);
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (exchange.getRequestMethod().equals("PATCH")) {
            patched.add(path + " " + body);
            respond(exchange, 204, "");
        } else if (path.startsWith("/api/issues?state=open")) {
            respond(exchange, 200, "[{\"id\":1,\"stale\":false},{\"id\":2,\"stale\":true}]");
        } else if (path.startsWith("/api/issues")) {
            respond(exchange, 200, "[{\"id\":3}]");
        } else if (path.equals("/pages/7.html")) {
            respond(exchange, 404, "");
        } else if (path.startsWith("/pages/")) {
            boolean known = "\"v1\"".equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
            exchange.getResponseHeaders().set("ETag", "\"v1\"");
            respond(exchange, known ? 304 : 200, known ? "" : path);
        } else if (path.equals("/files/SHA256SUMS")) {
            respond(exchange, 200, sum("/files/one") + "  one\n" + sum("/files/two") + "  two\n" + sum("") + "  damaged\n");
        } else if (path.equals("/health") && count < 3) {
            respond(exchange, 503, "not yet");
        } else if (path.equals("/jobs/1") && count < 3) {
            respond(exchange, 202, "running");
        } else {
            respond(exchange, 200, path);
        }
    }

    private static void respond(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String sum(String content) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
