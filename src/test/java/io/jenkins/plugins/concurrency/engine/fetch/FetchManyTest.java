package io.jenkins.plugins.concurrency.engine.fetch;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.schedule.Tally;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Two thousand requests, one in twenty to something broken: every one is accounted for and nothing is left over. */
public class FetchManyTest {

    private static final int COUNT = 2_000;
    private static final int SIZE = 10_240;

    /** A faulty path and how it ends. */
    private static final String[][] FAULTS = {
        {"/close-before", "CONNECT"}, {"/reset-before", "CONNECT"}, {"/close-in-head", "CONNECT"},
        {"/reset-in-head", "CONNECT"}, {"/reset-in-body", "CONNECT"}, {"/truncated", "CONNECT"},
        {"/truncated-chunk", "CONNECT"}, {"/bad-chunk-size", "PROTOCOL"}, {"/garbage", "PROTOCOL"},
        {"/endless-headers", "PROTOCOL"}, {"/endless-body", "TOO_LARGE"}, {"/circle/0", "PROTOCOL"},
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
        Tally tally;
        try (MisbehavingServer server = new MisbehavingServer();
                FetchRun run = new FetchRun()) {
            for (int i = 0; i < COUNT; i++) {
                String[] fault = random.nextInt(20) == 0 ? FAULTS[random.nextInt(FAULTS.length)] : null;
                branches.add(FetchBranch.of(i, server.url(fault == null ? "/ok/" + SIZE : fault[0])));
                expected.merge(fault == null ? "SUCCEEDED" : fault[1], 1, Integer::sum);
            }
            run.storeIn(new BodyStorage(base.toString(), "pages", 1024 * 1024));
            run.timeout = Duration.ofSeconds(8);
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
}
