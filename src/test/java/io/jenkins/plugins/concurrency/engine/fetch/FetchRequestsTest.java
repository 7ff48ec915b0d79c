package io.jenkins.plugins.concurrency.engine.fetch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.fetch.http.BodyPattern;
import io.jenkins.plugins.concurrency.engine.fetch.http.BodySpec;
import io.jenkins.plugins.concurrency.engine.fetch.http.FetchUrl;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestDefaults;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestSpec;
import io.jenkins.plugins.concurrency.engine.fetch.http.Response;
import io.jenkins.plugins.concurrency.engine.fetch.http.StatusRanges;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What requests are made of, and what is asked of their answers. */
public class FetchRequestsTest {

    private static final BodyStorage TEXTS = new BodyStorage(null, null, 0);

    @Rule
    public final HttpTestServer server = new HttpTestServer();

    @Rule
    public final FetchRun run = new FetchRun();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path base;

    @Before
    public void store() throws Exception {
        base = folder.getRoot().toPath().toRealPath();
        run.storeIn(new BodyStorage(base.toString(), null, 0));
    }

    @Test
    public void queriesAreAddedToTheUrlsOwn() throws Exception {
        assertEquals("/echo?q=a+b&tag=x&tag=y%26z", target("/echo", "'q':'a b','tag':['x','y&z']"));
        assertEquals("/echo?own=1&q=%C3%A4+%2B%7E*&n=3&yes=true", target("/echo?own=1#part", "'q':'ä +~*','n':3,'yes':true"));
        assertEquals("/echo?q=", target("/echo?", "'q':''"));
        assertEquals("/echo?own=1&q=2", target("/echo?own=1&", "'q':2"));
        assertEquals("/echo", target("/echo", "'none':[]"));
        request(new RequestDefaults(
                null, Map.of("page", "1", "size", "5"), Map.of(), null, StatusRanges.parse("200"), null, null, false));
        assertEquals("page=2&size=5", sorted(target("/echo", "'page':2")));
        assertEquals("page=1&size=5", sorted(target("/echo", "")));
    }

    @Test
    public void bodiesOfFieldsAndValues() throws Exception {
        assertEquals("POST /echo\n{\"a\":[1,2.50,\"ü\",null]}", echoed("'json':{'a':[1,2.50,'ü',null]}"));
        assertEquals("application/json", last().headers().get("content-type"));
        assertEquals("POST /echo\n\"text\"", echoed("'json':'text','headers':{'content-type':'application/problem+json'}"));
        assertEquals("application/problem+json", last().headers().get("content-type"));
        assertEquals("POST /echo\na=b+c&d=1&d=%C3%BC", echoed("'form':{'a':'b c','d':[1,'ü']}"));
        assertEquals("application/x-www-form-urlencoded", last().headers().get("content-type"));
        assertEquals("what is asked for is done", "GET /echo\n1", echoed("'json':1,'method':'GET'"));
        request(new RequestDefaults(
                null, Map.of(), new BodySpec(BodySpec.Kind.JSON, Map.of("of", "all")), StatusRanges.parse("200")));
        assertEquals("POST /echo\n{\"of\":\"all\"}", echoed("'sha256':null"));
        assertEquals("POST /echo\nx=y", echoed("'form':{'x':'y'}"));
    }

    @Test
    public void multipartBodiesAreAsBrowsersSendThem() throws Exception {
        Files.createDirectories(base.resolve("out"));
        Files.writeString(base.resolve("out/a \"b\".zip"), "content of ä");
        Files.createFile(base.resolve("empty"));
        server.on("moved", (request, to) -> to.redirect(307, "/echo"));
        Outcome outcome = run.fetch(Branches.json("{'url':'" + server.url("/moved")
                + "','multipart':[{'name':'f','file':'out/a \\\"b\\\".zip','type':'application/zip'},"
                + "{'name':'t\\n','text':'two\\nlines'},{'name':'e','file':'empty','filename':'é.txt'},{'name':'j','text':1,'type':'a/b'}]}"));
        assertEquals(String.valueOf(outcome.error()), OutcomeStatus.SUCCEEDED, outcome.status());
        String type = last().headers().get("content-type");
        assertTrue(type, type.startsWith("multipart/form-data; boundary="));
        String boundary = "--" + type.substring(type.indexOf('=') + 1);
        String expected = String.join(
                "\r\n",
                boundary, "Content-Disposition: form-data; name=\"f\"; filename=\"a %22b%22.zip\"", "Content-Type: application/zip",
                "", "content of ä",
                boundary, "Content-Disposition: form-data; name=\"t%0A\"", "", "two\nlines",
                boundary, "Content-Disposition: form-data; name=\"e\"; filename=\"é.txt\"", "Content-Type: application/octet-stream", "",
                "", boundary, "Content-Disposition: form-data; name=\"j\"", "Content-Type: a/b", "", "1", boundary + "--", "");
        assertEquals("sent twice, the second time from the file again", List.of("/moved", "/echo"), server.paths());
        for (HttpTestServer.Request request : server.requests) {
            assertEquals(expected, request.bodyText());
            assertEquals(expected.getBytes(StandardCharsets.UTF_8).length, Integer.parseInt(request.headers().get("content-length")));
        }
        Outcome named = run.fetch(Branches.json("{'url':'" + server.url("/echo")
                + "','multipart':{'a':['1',{'text':'2','type':'x/y'}],'b':true}}"));
        String body = named.details().get(OutcomeDetail.BODY).toString();
        assertEquals(body, 3, names(body).size());
        assertEquals(List.of("a", "a", "b"), names(body));
    }

    @Test
    public void largeFilesAreSentAgainByRetries() throws Exception {
        byte[] large = new byte[3 * 1024 * 1024];
        Files.write(base.resolve("large"), large);
        server.on("busy", (request, to) -> to.respond(server.requests.size() < 3 ? 503 : 200));
        run.retry = new RetryPolicy(3, Duration.ZERO);
        Outcome outcome = run.fetch(Branches.json("{'url':'" + server.url("/busy")
                + "','multipart':{'one':{'file':'large'},'two':{'file':'large'}}}"));
        assertEquals(String.valueOf(outcome.error()), OutcomeStatus.SUCCEEDED, outcome.status());
        assertEquals(3, server.requests.size());
        assertTrue(Integer.parseInt(last().headers().get("content-length")) > 2 * large.length);
    }

    @Test
    public void aFileThatChangesItsSizeIsNotSent() throws Exception {
        for (String more : List.of("", "longer than before")) {
            Path file = Files.writeString(base.resolve("changing"), "x".repeat(10));
            server.on("change", (request, to) -> {
                Files.writeString(file, more);
                to.redirect(308, "/echo");
            });
            Outcome outcome = run.fetch(Branches.json(
                    "{'url':'" + server.url("/change") + "','multipart':{'f':{'file':'changing'}}}"));
            assertEquals(ErrorType.ERROR, outcome.error().type());
            assertEquals(
                    "can't send 'changing': its size has changed from 10 to " + more.length() + " bytes meanwhile",
                    outcome.error().message());
        }
        assertFalse(server.paths().contains("/echo"));
    }

    @Test
    public void whatMakesNoSenseIsOneLine() throws Exception {
        Path outside = Files.writeString(Files.createTempDirectory("outside").resolve("secret"), "s");
        Files.createSymbolicLink(base.resolve("link"), outside);
        Files.createDirectory(base.resolve("folder"));
        String[][] table = {
            {"'body':'a','json':1", "'body' and 'json' are both given; give one of them"},
            {"'form':{'a':1},'multipart':{'a':1}", "'form' and 'multipart' are both given; give one of them"},
            {"'form':'a=b'", "'form' is not a map from names to values"},
            {"'query':{'a':{'b':1}}", "query 'a' is a map; allowed are text, numbers and booleans"},
            {"'query':{'a':null}", "query 'a' is null; leave it out or give it a value"},
            {"'multipart':[]", "'multipart' has no parts; allowed are a list of maps, and a map from names to texts and maps"},
            {"'multipart':['a']", "'multipart' has a part that is not a map"},
            {"'multipart':[{'text':'a'}]", "'multipart' has a part without a 'name' or without exactly one of 'text' and 'file'"},
            {"'multipart':{'a':{'text':'a','file':'b'}}", "'multipart' has a part without a 'name' or without exactly one of 'text' and 'file'"},
            {"'multipart':{'a':{'text':'a','type':'b\\nc: d'}}", "'multipart' has a part whose 'type' has a character that headers can't have"},
            {"'multipart':{'a':1},'headers':{'content-type':'a/b'}", "'multipart' and a Content-Type header are both given: leave out the header, which names the boundary"},
            {"'multipart':{'a':{'file':'../x'}}", "multipart '../x' is not a path inside the workspace: give a relative one with '/' and without '..', ':' and '\\'"},
            {"'multipart':{'a':{'file':'link'}}", "multipart 'link' leads out of the workspace " + base},
            {"'multipart':{'a':{'file':'folder'}}", "multipart 'folder' is a directory"},
            {"'multipart':{'a':{'file':'missing'}}", "multipart 'missing' does not exist"},
            {"'headers':{'Host':['a','b']}", "header 'Host' can't have several lines"},
            {"'accept':'a/b','headers':{'accept':'c/d'}", "'accept' and an Accept header are both given; give one of them"},
            {"'validBody':'a('", "validBody 'a(' is not a regular expression: Unclosed group near index 2"}
        };
        for (String[] row : table) {
            Outcome outcome = run.fetch(branch("/echo", row[0]));
            assertEquals(row[0], ErrorType.INVALID, outcome.error().type());
            assertEquals(row[1], outcome.error().message());
        }
        run.storeIn(TEXTS);
        Outcome nowhere = run.fetch(branch("/echo", "'multipart':{'a':{'file':'folder'}}"));
        assertEquals("'multipart' needs a workspace: run the step inside 'node'", nowhere.error().message());
        assertEquals(List.of(), server.requests);
    }

    @Test
    public void listsOfHeadersAreLines() throws Exception {
        List<String> heads = new ArrayList<>();
        try (HttpTestServer raw = HttpTestServer.raw(connection -> {
            heads.add(connection.readOnce());
            connection.respond(204);
        })) {
            FetchBranch branch = Branches.json(
                    "{'url':'" + raw.url("/") + "','accept':'application/json','headers':{'X-A':['1','2'],'X-B':'3','User-Agent':[]}}");
            assertEquals(OutcomeStatus.SUCCEEDED, run.fetch(branch).status());
        }
        List<String> lines = heads.get(0).lines().toList();
        assertTrue(lines.toString(), lines.containsAll(List.of("X-A: 1", "X-A: 2", "X-B: 3", "Accept: application/json")));
        assertFalse(lines.toString(), lines.stream().anyMatch(line -> line.startsWith("User-Agent") || line.startsWith("Accept: *")));
    }

    @Test
    public void bodiesHaveToMatch() throws Exception {
        server.on("page", (request, to) -> to.respond(
                200, "text/plain; charset=ISO-8859-1", server.requests.size() < 3 ? "not ready" : "it is re\u0061dy: 7"));
        run.retry = new RetryPolicy(3, Duration.ZERO);
        Outcome third = run.fetch(branch("/page", "'validBody':'ready: [0-9]'"));
        assertEquals(String.valueOf(third.error()), OutcomeStatus.SUCCEEDED, third.status());
        assertEquals("it is another attempt", 3, third.attempts());
        Outcome file = run.fetch(branch("/page", "'validBody':'^done','file':'page'"));
        assertEquals(ErrorType.CONTENT, file.error().type());
        assertEquals("nothing in the body matches '^done'", file.error().message());
        assertEquals("it is ready: 7", file.details().get(OutcomeDetail.BODY));
        assertEquals(4, file.attempts());
        assertFalse(Files.exists(base.resolve("page")));
        assertEquals(OutcomeStatus.SUCCEEDED, run.fetch(branch("/page", "'validBody':'7$','file':'page'")).status());
        assertEquals("it is ready: 7", Files.readString(base.resolve("page")));
        try (var files = Files.list(base)) {
            assertEquals("nothing is left of the others", 1, files.count());
        }
        request(new RequestDefaults(
                "HEAD", Map.of(), Map.of(), null, StatusRanges.parse("200"), BodyPattern.parse("."), null, false));
        assertEquals("none has nothing", ErrorType.CONTENT, run.fetch(branch("/ok/1", "'name':'a'")).error().type());
        assertEquals(OutcomeStatus.SUCCEEDED, run.fetch(branch("/ok/1", "'validBody':'^$'")).status());
    }

    @Test
    public void aSearchThatTakesTooLongEnds() throws Exception {
        BodyPattern slow = BodyPattern.parse("(a|aa)+\\1b");
        String text = "a".repeat(40) + "c";
        try {
            slow.isIn(text, () -> true);
            throw new AssertionError("found");
        } catch (BodyPattern.UndecidedException e) {
            assertTrue(e.getMessage(), e.getMessage().startsWith("the search for validBody took more than 5 seconds"));
        }
        server.on("slow", (request, to) -> to.respond(200, text));
        run.timeout = Duration.ofMillis(300);
        Outcome aborted = run.fetch(branch("/slow", "'validBody':'(a|aa)+\\\\1b'"));
        assertEquals("the attempt's own limit counts as well", ErrorType.TIMEOUT, aborted.error().type());
    }

    @Test
    public void cookiesOfTheStepAreKeptToTheirSites() throws Exception {
        try (HttpTestServer other = new HttpTestServer()) {
            for (HttpTestServer each : List.of(server, other)) {
                each.on("login", (request, to) -> to.respond(
                        200, "text/plain", "in", "Set-Cookie: session=1", "Set-Cookie: deep=2; Path=/deep", "Set-Cookie: safe=3; Secure",
                        "Set-Cookie: wide=4; Domain=com"));
                each.on("cookies", (request, to) -> to.respond(200, String.valueOf(request.headers().get("cookie"))));
                each.on("deep", (request, to) -> to.respond(200, String.valueOf(request.headers().get("cookie"))));
                each.on("logout", (request, to) -> to.respond(401, "text/plain", "out", "Set-Cookie: session=; Max-Age=0"));
            }
            request(new RequestDefaults(null, Map.of(), Map.of(), null, StatusRanges.parse("200"), null, null, true));
            run.limit(1, 0);
            List<String> paths = List.of("/cookies", "/login", "/cookies", "/deep/x", "/logout", "/cookies");
            String elsewhere = other.url("/cookies").replace("127.0.0.1", "localhost");
            List<FetchBranch> branches = new ArrayList<>(
                    IntStream.range(0, paths.size()).mapToObj(i -> FetchBranch.of(i, server.url(paths.get(i)))).toList());
            branches.add(3, FetchBranch.of(9, elsewhere));
            run.run(branches);
            assertEquals(
                    List.of("null", "in", "session=1", "deep=2; session=1", "out", "null", "null"),
                    run.outcomes.values().stream().map(outcome -> outcome.details().get(OutcomeDetail.BODY)).toList());
            assertEquals("the next run has none", "null", run.fetch(server.url("/cookies")).details().get(OutcomeDetail.BODY));
            request(RequestDefaults.STANDARD);
            run.run(List.of(FetchBranch.of(0, server.url("/login")), FetchBranch.of(1, server.url("/cookies"))));
            assertEquals("null", run.outcomes.get(1).details().get(OutcomeDetail.BODY));
        }
    }

    @Test
    public void manySitesHaveManyCookies() {
        CookieJar jar = new CookieJar();
        for (int i = 0; i < 60; i++) {
            jar.take(setting("http://h" + i + ".corp/", "own=" + i));
            jar.take(setting("http://many.example.org/", "c" + i + "=1"));
        }
        jar.take(setting("http://a.team.corp/", "shared=1; Domain=team.corp"));
        jar.take(setting("http://a.example.co.uk/", "wide=1; Domain=co.uk"));
        jar.take(setting("http://127.0.0.1/", "address=1"));
        assertEquals("own=0", cookies(jar, "http://h0.corp/"));
        assertEquals("own=59", cookies(jar, "http://h59.corp/"));
        List<String> many = List.of(cookies(jar, "http://many.example.org/").split("; "));
        assertEquals(50, many.size());
        assertTrue("the oldest are gone", many.contains("c59=1") && !many.contains("c9=1"));
        assertEquals("shared=1", cookies(jar, "http://b.team.corp/"));
        assertEquals("", cookies(jar, "http://b.other.corp/"));
        assertEquals("", cookies(jar, "http://b.example.co.uk/"));
        assertEquals("", cookies(jar, "http://10.0.0.1/"));
        assertEquals("address=1", cookies(jar, "http://127.0.0.1:8080/"));
    }

    private static Response setting(String url, String cookie) {
        BasicHttpResponse head = new BasicHttpResponse(200);
        head.addHeader("Set-Cookie", cookie);
        return new Response(FetchUrl.parse(url), null, head, false, 0);
    }

    private static String cookies(CookieJar jar, String url) {
        RequestSpec request = jar.addTo(new RequestSpec(FetchUrl.parse(url), "GET", List.of(), null, null, false));
        return request.headers().isEmpty() ? "" : request.headers().get(0).getValue();
    }

    private void request(RequestDefaults requests) {
        run.request(requests, RedirectSettings.FOLLOW);
    }

    private FetchBranch branch(String path, String fields) throws Exception {
        return Branches.json("{'url':'" + server.url(path) + "'," + fields + "}");
    }

    private String target(String path, String query) throws Exception {
        Outcome outcome = run.fetch(branch(path, "'query':{" + query + "}"));
        String url = outcome.details().get(OutcomeDetail.URL).toString();
        assertEquals(server.url(last().target()), url);
        return last().target();
    }

    private static String sorted(String target) {
        String[] fields = target.substring(target.indexOf('?') + 1).split("&");
        java.util.Arrays.sort(fields);
        return String.join("&", fields);
    }

    private String echoed(String fields) throws Exception {
        return run.fetch(branch("/echo", fields)).details().get(OutcomeDetail.BODY).toString();
    }

    private HttpTestServer.Request last() {
        return server.requests.get(server.requests.size() - 1);
    }

    private static List<String> names(String multipart) {
        return Pattern.compile("; name=\"([^\"]*)\"").matcher(multipart).results().map(found -> found.group(1)).toList();
    }
}
