package io.jenkins.plugins.concurrency.engine.fetch;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.schedule.OutcomeCounts;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Ten thousand requests, one in twenty to something broken: every one is accounted for and nothing is left over. */
public class FetchManyTest {

    private static final int COUNT = 10_000;
    private static final int SIZE = 2_048;

    /** A faulty path and how it ends. */
    private static final String[][] FAULTS = {
        {"/close-before", "CONNECT"}, {"/reset-before", "CONNECT"}, {"/close-in-head", "CONNECT"},
        {"/reset-in-head", "CONNECT"}, {"/reset-in-body", "CONNECT"}, {"/truncated", "CONNECT"},
        {"/truncated-chunk", "CONNECT"}, {"/bad-chunk-size", "PROTOCOL"}, {"/garbage", "PROTOCOL"},
        {"/endless-header", "PROTOCOL"}, {"/endless-headers", "PROTOCOL"}, {"/endless-body", "TOO_LARGE"},
        {"/circle/0", "PROTOCOL"}, {"/to-metadata", "BLOCKED"}, {"/to-file", "PROTOCOL"}, {"/bomb", "TOO_LARGE"},
        {"/broken-gzip", "PROTOCOL"}, {"/missing-last-chunk", "CONNECT"}, {"/bad-length", "PROTOCOL"},
        {"/status/429", "STATUS"}, {"http://no-such-host.invalid/", "CONNECT"}, {"/retry-after", "STATUS"},
        {"/status/404", "STATUS"}, {"/status/503", "STATUS"}, {"/stall-before", "TIMEOUT"},
        {"/stall-in-body", "TIMEOUT"}
    };

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void allAreAccountedFor() throws Exception {
        Path base = folder.getRoot().toPath();
        Random random = new Random(4711);
        Map<String, Integer> expected = new TreeMap<>();
        List<FetchBranch> branches = new ArrayList<>();
        Map<Integer, Outcome> outcomes;
        OutcomeCounts tally;
        try (HttpTestServer server = new HttpTestServer();
                FetchRun run = new FetchRun()) {
            addFaults(server);
            for (int i = 0; i < COUNT; i++) {
                String[] fault = random.nextInt(20) == 0 ? FAULTS[random.nextInt(FAULTS.length)] : null;
                String path = fault == null ? "/ok/" + SIZE : fault[0];
                branches.add(FetchBranch.of(i, path.startsWith("http") ? path : server.url(path)));
                expected.merge(fault == null ? "SUCCEEDED" : fault[1], 1, Integer::sum);
            }
            run.storeIn(new BodyStorage(base.toString(), "pages", 1024 * 1024));
            run.idleAtMost(Duration.ofSeconds(10));
            run.timeout = Duration.ofSeconds(120);
            tally = run.run(branches);
            outcomes = run.outcomes;
        }
        Map<String, Integer> actual = new TreeMap<>();
        outcomes.values().forEach(outcome -> actual.merge(
                outcome.error() == null ? "SUCCEEDED" : outcome.error().type().name(), 1, Integer::sum));
        assertEquals(expected, actual);
        assertEquals(COUNT, tally.total());
        assertEquals(tally.succeeded(), (int) expected.get("SUCCEEDED"));
        try (Stream<Path> files = Files.list(base.resolve("pages"))) {
            List<Path> all = files.toList();
            assertEquals("a file each, no temporary ones", tally.succeeded(), all.size());
            for (Path file : all) {
                assertEquals(file.toString(), SIZE, Files.size(file));
            }
        }
    }

    private static void addFaults(HttpTestServer server) {
        server.on("to-metadata", (request, to) -> to.redirect(302, "http://169.254.169.254/latest/meta-data/"));
        server.on("to-file", (request, to) -> to.redirect(302, "file:///etc/passwd"));
        server.on("retry-after", (request, to) -> to.respond(503, "text/plain", "later", "Retry-After: 3600"));
        server.on("broken-gzip", (request, to) -> to.respond(200, "a/b", "no gzip", "Content-Encoding: gzip"));
        byte[] bomb = bomb();
        server.on("bomb", (request, to) ->
                to.head(200, "Content-Encoding: gzip", "Content-Length: " + bomb.length).send(bomb));
    }

    private static byte[] bomb() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(new byte[10_000_000]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
