package io.jenkins.plugins.concurrency.steps.durability;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;

/** Jenkinsfiles that say in their logs what their results are. */
final class Scripts {

    private static final String ECHO =
            "\necho \"ended ${r.succeeded} of ${r.size()}, attempts ${r.collect { it.attempts }}\"";

    private Scripts() {}

    /** Answers {@code /free/…} at once, {@code /held/…} when released, {@code /half/…} by half at once, by half when released. */
    static HttpTestServer pages() {
        HttpTestServer server = new HttpTestServer((request, to) -> to.respond(200, "a page"));
        server.on("held", (request, to) -> to.awaitRelease().respond(200, "a page"));
        server.on("half", (request, to) -> to.head(200, "Content-Length: 20").body(10).awaitRelease().body(10));
        return server;
    }

    static String onNode(String agent, String body) {
        return "node('" + agent + "') {\n" + body + "\n}";
    }

    /** A step whose inputs are numbers from 1. */
    static String pool(int inputs, String command, String arguments) {
        return "cpuPool inputs: 1.." + inputs + ", workers: 2, command: '" + command + "'" + arguments;
    }

    /** A pool of two workers on an agent. */
    static String pool(String agent, int inputs, Gate gate) {
        return onNode(agent, echoed(pool(inputs, gate.command(), "")));
    }

    /** On an agent: a GET that is answered at once, and a GET and a POST that are held, to {@code …/in}. */
    static String fetches(String agent, HttpTestServer server) {
        return onNode(agent, echoed(fetches(server, "in") + ", toDir: 'pages'"));
    }

    /** The same requests, to {@code …/out}, sent by the controller; says how the POST ended. */
    static String fetchesOutsideNode(HttpTestServer server) {
        return echoed(fetches(server, "out") + ", onFailure: 'ignore'")
                + "\necho \"post: ${r['post'].error.type}, ${r['post'].error.message}\"";
    }

    private static String fetches(HttpTestServer server, String place) {
        String free = server.url("/free/" + place);
        String held = server.url("/held/" + place);
        return "parallelFetch urls: [free: '" + free + "', get: '" + held + "', post: [url: '" + held
                + "', method: 'POST']], timeout: 0";
    }

    /** Waits until the held requests have been sent. */
    static void awaitFetches(HttpTestServer server) throws InterruptedException {
        for (String path : new String[] {"/held/in", "/held/out"}) {
            server.await("GET", path, 1);
            server.await("POST", path, 1);
        }
    }

    static void assertFetchedOnce(BuildRecord build, HttpTestServer server) throws Exception {
        build.assertEnd("SUCCESS");
        build.assertLogContains("ended 3 of 3, attempts [1, 1, 1]");
        build.assertEachOnce(3);
        assertEquals(1, server.requests("GET", "/free/in"));
        assertEquals(1, server.requests("GET", "/held/in"));
        assertEquals(1, server.requests("POST", "/held/in"));
    }

    /** Of requests that the controller sent. */
    static void assertFetchedAgainIfThatIsSafe(BuildRecord build, HttpTestServer server, int times) throws Exception {
        build.assertEnd("SUCCESS");
        build.assertLogContains("ended 2 of 3, attempts [1, " + times + ", ");
        build.assertLogContains("post: lost, ");
        build.assertEachOnce(3);
        assertEquals("what had ended stays", 1, server.requests("GET", "/free/out"));
        assertEquals("a GET in flight is sent again", times, server.requests("GET", "/held/out"));
        assertEquals("a POST in flight is not", 1, server.requests("POST", "/held/out"));
    }

    private static String echoed(String step) {
        return "def r = " + step + ECHO;
    }
}
