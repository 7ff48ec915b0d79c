package io.jenkins.plugins.concurrency.engine.fetch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.fetch.connect.Tls;
import io.jenkins.plugins.concurrency.engine.fetch.destination.NameLookup;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestDefaults;
import io.jenkins.plugins.concurrency.engine.fetch.http.StatusRanges;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;

public class FetchRedirectTest {

    @Rule
    public final HttpTestServer server = new HttpTestServer();

    @Rule
    public final HttpTestServer other = new HttpTestServer();

    @Rule
    public final FetchRun run = new FetchRun();

    @Test
    public void methodChangesAsInBrowsers() throws Exception {
        server.on("to", (request, to) -> to.redirect(Integer.parseInt(request.segment(1)), "/echo"));
        Object[][] table = {
            {"301", "POST", "GET /echo\n"}, {"302", "POST", "GET /echo\n"}, {"303", "POST", "GET /echo\n"},
            {"307", "POST", "POST /echo\nbody"}, {"308", "POST", "POST /echo\nbody"},
            {"301", "PUT", "PUT /echo\nbody"}, {"303", "PUT", "GET /echo\n"}, {"302", "GET", "GET /echo\nbody"}
        };
        for (Object[] row : table) {
            FetchBranch branch =
                    Branches.sending((String) row[1], server.url("/to/" + row[0]), Map.of(), "body");
            assertEquals(row[0] + " " + row[1], row[2], run.fetch(branch).details().get(OutcomeDetail.BODY));
        }
    }

    @Test
    public void finalUrlIsReported() throws Exception {
        server.on("to", (request, to) -> to.redirect(302, "../echo?a=b c#fragment"));
        Outcome outcome = run.fetch(server.url("/to/x/y"));
        assertEquals(server.url("/echo?a=b%20c"), outcome.details().get(OutcomeDetail.URL));
        assertEquals("GET /echo?a=b%20c\n", outcome.details().get(OutcomeDetail.BODY));
    }

    @Test
    public void secretsDoNotFollowToAnotherOriginNorBack() throws Exception {
        server.on("away", (request, to) -> to.redirect(307, other.url("/back")));
        other.on("back", (request, to) -> to.redirect(307, server.url("/ok/1")));
        server.on("here", (request, to) -> to.redirect(307, "/ok/1"));
        Map<String, String> headers =
                Map.of("Authorization", "Basic x", "Cookie", "a=b", "X-Api-Key", "k", "Accept", "text/html");
        for (String path : List.of("/away", "/here")) {
            run.fetch(Branches.sending("GET", server.url(path), headers, null));
        }
        Map<String, String> elsewhere = other.requests.get(0).headers();
        assertNull(elsewhere.get("authorization"));
        assertNull(elsewhere.get("cookie"));
        assertNull(elsewhere.get("x-api-key"));
        assertEquals("text/html", elsewhere.get("accept"));
        assertEquals("127.0.0.1:" + other.port(), elsewhere.get("host"));
        List<HttpTestServer.Request> arrivals =
                server.requests.stream().filter(request -> request.target().equals("/ok/1")).toList();
        assertNull("back home", arrivals.get(0).headers().get("authorization"));
        assertEquals("same origin", "Basic x", arrivals.get(1).headers().get("authorization"));
        assertEquals("same origin", "k", arrivals.get(1).headers().get("x-api-key"));
    }

    @Test
    public void redirectsElsewhereAreRefused() throws Exception {
        String[] places = {
            "file:///etc/passwd", "ftp://example.org/", "javascript:alert(1)", "http://", "http://user:pw@127.0.0.1/",
            "http://127.0.0.1:0/", "data:,x"
        };
        for (String place : places) {
            server.on("to", (request, to) -> to.redirect(302, place));
            Outcome outcome = run.fetch(server.url("/to"));
            assertEquals(place, ErrorType.PROTOCOL, outcome.error().type());
            assertTrue(outcome.error().message(), outcome.error().message().startsWith("redirect from "));
        }
    }

    @Test
    public void whatAServerSaysCannotControlALog() throws Exception {
        for (String place : new String[] {"http://\u001b[2Jx/", "file:\u001b]0;x\u0007", "ht\u202etp://x", "/\u0085\u009b31m"}) {
            server.on("to", (request, to) -> to.redirect(302, place));
            String message = run.fetch(server.url("/to")).error().message();
            assertTrue(message, message.codePoints().noneMatch(c -> Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT));
        }
    }

    @Test
    public void locationIsRequired() throws Exception {
        server.on("to", (request, to) -> to.head(301, "Content-Length: 0"));
        Outcome outcome = run.fetch(server.url("/to"));
        assertEquals(ErrorType.PROTOCOL, outcome.error().type());
        assertEquals("HTTP 301 Moved Permanently without a Location", outcome.error().message());
    }

    @Test
    public void limitIsExact() throws Exception {
        server.on("count", (request, to) -> {
            int left = Integer.parseInt(request.segment(1));
            if (left == 0) {
                to.respond(200, "text/plain", "there");
            } else {
                to.redirect(302, "/count/" + (left - 1));
            }
        });
        assertEquals(OutcomeStatus.SUCCEEDED, run.fetch(server.url("/count/10")).status());
        Outcome outcome = run.fetch(server.url("/count/11"));
        assertEquals(ErrorType.PROTOCOL, outcome.error().type());
        assertEquals(
                "stopped after 10 redirects, the next one to " + server.url("/count/0"), outcome.error().message());
    }

    @Test
    public void cookiesGoBackToWhoSetThem() throws Exception {
        server.on("login", (request, to) -> {
            if (request.headers().getOrDefault("cookie", "").contains("sid=1")) {
                to.respond(200, "text/plain", request.headers().get("cookie"));
            } else {
                to.head(302, "Location: /login", "Content-Length: 0", "Set-Cookie: sid=1; Path=/; HttpOnly",
                        "Set-Cookie: gone=1; Max-Age=0", "Set-Cookie: secret=1; Secure", "Set-Cookie: deep=1; Path=/x",
                        "Set-Cookie: foreign=1; Domain=example.org", "Set-Cookie: theirs=2", "Set-Cookie: =;;=");
            }
        });
        FetchBranch branch = Branches.sending(
                "GET", server.url("/login"), Map.of("Cookie", "mine=1; theirs=1"), null);
        for (int i = 0; i < 2; i++) {
            assertEquals("mine=1; sid=1; theirs=2", run.fetch(branch).details().get(OutcomeDetail.BODY));
        }
        assertEquals(
                "forgotten between attempts",
                List.of("mine=1; theirs=1", "mine=1; sid=1; theirs=2", "mine=1; theirs=1", "mine=1; sid=1; theirs=2"),
                server.requests.stream().map(request -> request.headers().get("cookie")).toList());
    }

    @Test
    public void cookiesGoToNoOtherSite() throws Exception {
        NameLookup names = host -> new InetAddress[] {InetAddress.getLoopbackAddress()};
        try (FetchRun named = new FetchRun(new HttpReactor(names, Tls.ofJvm()))) {
            server.on("away", (request, to) -> {
                String host = request.headers().get("host");
                String next = host.startsWith("a.one.co.uk") ? "b.one.co.uk" : host.startsWith("b.") ? "two.co.uk" : null;
                if (next == null) {
                    to.respond(200, "text/plain", "there");
                } else {
                    to.head(302, "Location: http://" + next + ":" + server.port() + "/away", "Content-Length: 0",
                            "Set-Cookie: host=1", "Set-Cookie: site=1; Domain=one.co.uk", "Set-Cookie: all=1; Domain=co.uk");
                }
            });
            assertEquals(OutcomeStatus.SUCCEEDED, named.fetch("http://a.one.co.uk:" + server.port() + "/away").status());
        }
        assertEquals(
                Arrays.asList(null, "site=1", null),
                server.requests.stream().map(request -> request.headers().get("cookie")).toList());
    }

    @Test
    public void bytesBeyondAsciiAreUtf8() throws Exception {
        server.on("to", (request, to) -> to.redirect(302, "/caf\u00e9?x=\u00fc"));
        server.on("caf%C3%A9", (request, to) -> to.respond(200, "text/plain", "there", "X-Name: J\u00fcrgen"));
        Outcome outcome = run.fetch(server.url("/to"));
        assertEquals(server.url("/caf%C3%A9?x=%C3%BC"), outcome.details().get(OutcomeDetail.URL));
        assertEquals("J\u00fcrgen", ((Map<?, ?>) outcome.details().get(OutcomeDetail.HEADERS)).get("x-name"));
    }

    @Test
    public void otherBytesAreTakenAsTheyAre() throws Exception {
        byte[] head = "HTTP/1.1 302 Found\r\nLocation: /caf\u00e9\r\nX-Name: J\u00fcrgen\r\nContent-Length: 0\r\n\r\n"
                .getBytes(StandardCharsets.ISO_8859_1);
        server.on("to", (request, to) -> to.send(head));
        server.on("caf%E9", (request, to) -> to.send(new String(head, StandardCharsets.ISO_8859_1)
                .replace("302 Found", "200 OK")
                .getBytes(StandardCharsets.ISO_8859_1)));
        Outcome outcome = run.fetch(server.url("/to"));
        assertEquals(server.url("/caf%E9"), outcome.details().get(OutcomeDetail.URL));
        assertEquals("J\u00fcrgen", ((Map<?, ?>) outcome.details().get(OutcomeDetail.HEADERS)).get("x-name"));
    }

    @Test
    public void wellKnownMethodsInAnyCase() throws Exception {
        server.on("to", (request, to) -> to.redirect(302, "/echo"));
        for (String method : List.of("post", "Patch", "get", "propfind", "Custom")) {
            FetchBranch branch = Branches.sending(method, server.url("/echo"), Map.of(), null);
            String sent = method.equals("Custom") ? method : method.toUpperCase(Locale.ROOT);
            assertEquals(sent + " /echo\n", run.fetch(branch).details().get(OutcomeDetail.BODY));
        }
        FetchBranch post = Branches.sending("post", server.url("/to"), Map.of(), "body");
        assertEquals("GET /echo\n", run.fetch(post).details().get(OutcomeDetail.BODY));
        RequestDefaults put = new RequestDefaults("put", Map.of(), null, StatusRanges.parse("200"));
        assertTrue(FetchBranch.of(0, "x").isIdempotent(put));
    }

    @Test
    public void notFollowedIfNotWanted() throws Exception {
        run.request(
                new RequestDefaults("GET", Map.of(), null, StatusRanges.parse("200:399")), RedirectSettings.NEVER);
        server.on("to", (request, to) -> to.redirect(302, "/ok/1"));
        Outcome outcome = run.fetch(server.url("/to"));
        assertEquals(302, outcome.details().get(OutcomeDetail.STATUS));
        assertFalse(server.requests.stream().anyMatch(request -> request.target().equals("/ok/1")));
    }
}
