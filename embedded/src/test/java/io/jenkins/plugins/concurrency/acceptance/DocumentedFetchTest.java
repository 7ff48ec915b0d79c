package io.jenkins.plugins.concurrency.acceptance;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.fetch.FetchBranch;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.steps.fetch.ParallelFetchStep;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    @Rule
    public final HttpTestServer server = new HttpTestServer(this::answer);

    private DocumentedScripts page;

    @Before
    public void read() throws Exception {
        page = DocumentedScripts.of("parallelFetch.md");
    }

    @Test
    public void overview() throws Exception {
        run("# `parallelFetch`").assertSaid("2 of 2 fetched");
        assertEquals("/a", Files.readString(builds.workspace().resolve("pages/a")));
    }

    @Test
    public void apiClient() throws Exception {
        run("### API client").assertSaid("2 open, 1 closed").assertSaid("closed: [issue 2]");
        assertEquals(
                List.of("/api/issues/2 {\"state\":\"closed\"}"),
                server.requests.stream()
                        .filter(request -> request.method().equals("PATCH"))
                        .map(request -> request.target() + " " + request.bodyText())
                        .toList());
    }

    @Test
    public void logInAndUpload() throws Exception {
        run("### Log in and upload").assertSaid("the server says: state: done");
        assertEquals("user=me&lang=en&lang=de", server.requests.get(0).bodyText());
        String upload = server.requests.get(1).bodyText();
        assertTrue(upload, upload.contains("; name=\"report\"; filename=\"report.txt\"\r\nContent-Type: text/plain\r\n\r\nall is well\r\n"));
        assertEquals("session=1", server.requests.get(1).headers().get("cookie"));
        assertEquals(3, server.requestsFor("/reports/1?view=state"));
    }

    @Test
    public void mirror() throws Exception {
        Builds.Build build = run("### Mirror a list of pages");
        String missing = "  " + server.url("/pages/7.html") + ": HTTP 404 Not Found";
        build.assertSaid("run 1: 49 fetched, 0 unchanged").assertSaid("run 2: 0 fetched, 49 unchanged");
        assertEquals(build.log(), 2, build.lines().stream().filter(missing::equals).count());
        assertEquals("/pages/8.html", Files.readString(builds.workspace().resolve("mirror/8.html")));
    }

    @Test
    public void asFastAsAServerAllows() throws Exception {
        run("### As fast as a server allows").assertSaid("60 of 60 fetched");
        assertEquals("six were sent again", 66, server.requests.size());
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
        assertEquals(3, server.requestsFor("/health"));
        assertEquals(3, server.requestsFor("/jobs/1"));
    }

    @Test
    public void linksAsTests() throws Exception {
        run("### Links as tests").assertSaid("1 of 3 links are broken");
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
        Builds.Build build = builds.run(file, "site=" + server.root());
        boolean unstable = heading.contains("checksums");
        return build.assertEnded(unstable ? 2 : 0, unstable ? "UNSTABLE" : "SUCCESS");
    }

    private void answer(HttpTestServer.Request request, HttpTestServer.Connection to) throws IOException {
        String path = request.target();
        boolean soon = server.requestsFor(path) < 3;
        if (request.method().equals("PATCH")) {
            to.respond(204);
        } else if (path.startsWith("/api/issues?state=open")) {
            to.respond(200, "[{\"id\":1,\"stale\":false},{\"id\":2,\"stale\":true}]");
        } else if (path.startsWith("/api/issues")) {
            to.respond(200, "[{\"id\":3}]");
        } else if (path.equals("/login")) {
            to.respond(200, "text/plain", "welcome", "Set-Cookie: session=1; HttpOnly");
        } else if (path.startsWith("/reports/1")) {
            to.respond(200, soon ? "state: running" : "state: done");
        } else if (path.equals("/pages/7.html")) {
            to.respond(404);
        } else if (path.startsWith("/pages/")) {
            if ("\"v1\"".equals(request.headers().get("if-none-match"))) {
                to.head(304, "ETag: \"v1\"");
            } else {
                to.respond(200, "text/plain", path, "ETag: \"v1\"");
            }
        } else if (path.equals("/files/SHA256SUMS")) {
            to.respond(200, sum("/files/one") + "  one\n" + sum("/files/two") + "  two\n" + sum("") + "  damaged\n");
        } else if (path.matches("/busy/.*0") && server.requestsFor(path) < 2) {
            to.respond(429);
        } else if (path.equals("/health") && soon) {
            to.respond(503, "not yet");
        } else if (path.equals("/jobs/1") && soon) {
            to.respond(202, "running");
        } else {
            to.respond(200, path);
        }
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
