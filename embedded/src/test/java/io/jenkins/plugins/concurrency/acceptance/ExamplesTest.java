package io.jenkins.plugins.concurrency.acceptance;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.fixture.InstalledPrograms;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** The examples of docs/examples do what their first lines promise, and report the failures planted in them, no others. */
public class ExamplesTest {

    private static final Pattern COMPARISON =
            Pattern.compile(".*: ([0-9.]+) s at once, ([0-9.]+) s one by one; ratio [0-9.]+");

    @Rule
    public final Timeout timeout = Timeout.seconds(300);

    @Rule
    public final Builds builds = new Builds();

    private static Path example(String name) {
        Path embedded = Path.of(System.getProperty("embedded.basedir", "")).toAbsolutePath();
        return embedded.resolveSibling("docs/examples/" + name + ".Jenkinsfile");
    }

    private Builds.Build run(String name, String... parameters) throws Exception {
        return builds.run(example(name), parameters).assertEnded(0, "SUCCESS");
    }

    /** The pages with one number, and those that follow at a distance, as the report lists them. */
    private static String pages(int first, int distance) {
        return IntStream.iterate(first, page -> page <= 1000, page -> page + distance)
                .mapToObj(page -> page + ".html")
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private static void assertFaster(Builds.Build build) {
        Matcher times = COMPARISON.matcher(build.line(COMPARISON.pattern()));
        assertTrue(times.matches());
        assertTrue(build.log(), Double.parseDouble(times.group(1)) < Double.parseDouble(times.group(2)));
    }

    private List<String> files(String directory) throws Exception {
        try (Stream<Path> files = Files.list(builds.workspace().resolve(directory))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    public void webScraper() throws Exception {
        run("web-scraper")
                .assertSaid(
                        "960 of 1000 pages fetched; not fetched:",
                        "  connect: 10 " + pages(13, 100),
                        "  protocol: 5 " + pages(171, 200),
                        "  status: 20 " + pages(7, 50),
                        "  timeout: 5 " + pages(77, 200),
                        "192000 words, 44 different ones; the most frequent:",
                        "  28903 the",
                        "  11836 of",
                        "  9173 and",
                        "  7714 to",
                        "  6783 a");
        assertEquals(960, files("pages").size());
    }

    @Test
    public void crawlAndParse() throws Exception {
        run("crawl-and-parse")
                .assertSaid(
                        "959 of 1000 pages parsed; 191800 words in 9590 sentences",
                        "  not fetched: 40 (connect, protocol, status, timeout)",
                        "  444.html can't be parsed: error, 2 attempts")
                .line("crawl: 1,000 branches in .*: 959 succeeded, 41 failed");
    }

    @Test
    public void imageBatch() throws Exception {
        Builds.Build build = run("image-batch");
        String tool = build.line("57 of 60 thumbnails made with (Java|ImageMagick)");
        String type = tool.endsWith("Java") ? "error" : "exit";
        build.assertSaid(
                tool,
                "  photos/photo-17.jpg failed: " + type,
                "  photos/photo-42.jpg failed: " + type,
                "  photos/photo-53.jpg failed: " + type,
                "57 files in thumbs");
        assertFalse(files("thumbs").contains("photo-17.jpg"));
        BufferedImage thumb = ImageIO.read(builds.workspace().resolve("thumbs/photo-01.jpg").toFile());
        assertEquals("200 x 150", thumb.getWidth() + " x " + thumb.getHeight());
    }

    @Test
    public void apiClient() throws Exception {
        Builds.Build build = run("api-client", "compare=true");
        build.assertSaid(
                "8 of 10 services are up",
                "  accounts 1.8: 24 jobs waiting",
                "  billing 1.7: 21 jobs waiting",
                "  catalog 1.7: 21 jobs waiting",
                "  delivery 1.8: 24 jobs waiting",
                "  invoices 1.8: 24 jobs waiting",
                "  mail is down after 2 attempts: status (503)",
                "  orders 1.6: 18 jobs waiting",
                "  search is down after 2 attempts: connect (no answer)",
                "  stock 1.5: 15 jobs waiting",
                "  users 1.5: 15 jobs waiting",
                "162 jobs are waiting");
        assertFaster(build);
    }

    @Test
    public void anExampleWithoutWhatItNeedsIsNotGreen() throws Exception {
        builds.configure("controller.refuse", "127.0.0.1");
        Builds.Build build = builds.run(example("api-client")).assertEnded(1, "FAILURE");
        build.line("ERROR: none of the services answers: .*127\\.0\\.0\\.1.*");
    }

    @Test
    public void simulation() throws Exception {
        run("simulation", "compare=true")
                .assertSaid(
                        "Price of the option: 10.4505 (standard error 0.0013)",
                        "Lowest and highest of 64 simulations: 10.427, 10.4734",
                        "Black-Scholes formula: 10.4506")
                .line("simulating: [0-9.]+ s at once, [0-9.]+ s one by one; ratio [0-9.]+");
    }

    @Test
    public void dataAnalysis() throws Exception {
        run("data-analysis")
                .assertSaid(
                        "20 parts, sales in cents:",
                        "  by region: east 3122524283, north 3127965876, south 3126718320, west 3120373977,"
                                + " together 12497582456",
                        "  by weekday: FRIDAY 1784312620, MONDAY 1781833448, SATURDAY 1777742876, SUNDAY 1792718210,"
                                + " THURSDAY 1785806695, TUESDAY 1793252922, WEDNESDAY 1781915685, together 12497582456");
        assertEquals(21, files("sales").size());
    }

    @Test
    public void downloadTwiceInOneWorkspace() throws Exception {
        run("download");
        Builds.Build build = run("download", "compare=true");
        build.assertSaid(
                "18 of 20 files downloaded and verified, 18874368 bytes",
                "  file-07.bin failed: checksum",
                "  file-13.bin failed: status",
                "18 files in downloads");
        assertFaster(build);
        List<String> files = files("downloads");
        assertEquals(18, files.size());
        assertFalse(files.contains("file-07.bin"));
        assertFalse(files.contains("file-13.bin"));
    }

    @Test
    public void reviewScores() throws Exception {
        InstalledPrograms.assume("python3");
        run("review-scores")
                .assertSaid(
                        "1998 of 2000 reviews scored, 246 in all",
                        "  762 are pleased, 617 are not",
                        "  review 700: exit code 1: an empty review",
                        "  review 1400: exit code 1: an empty review");
    }

    @Test
    public void linkCheck() throws Exception {
        InstalledPrograms.assume("node");
        run("link-check")
                .assertSaid(
                        "299 of 300 pages read, 598 links",
                        "  site/44.html: exit",
                        "links to what is not there: /301.html, /44.html");
    }

    @Test
    public void manyAgents() throws Exception {
        run("many-agents")
                .assertSaid("9350 primes in 39 of 40 parts", "  part 13: exit code 13", "on: built-in");
    }

    /** The servers too, of which that of api-client is out of reach for whoever ends a node's processes. */
    @Test
    public void anInterruptedExampleLeavesNothing() throws Exception {
        for (String name : List.of("web-scraper", "api-client")) {
            Builds.Build build = builds.start(example(name));
            build.await("[Pipeline] parallelFetch");
            build.interrupt();
            build.end().assertEnded(3, "ABORTED");
        }
    }

    @Test
    public void matrixBuild() throws Exception {
        run("matrix-build")
                .assertSaid(
                        "7 of 8 modules built",
                        "  api: compiled",
                        "  auth: compiled",
                        "  core: compiled",
                        "  docs: chapter 3 is missing, 2 attempts",
                        "  jobs: compiled",
                        "  mail: compiled, 2 attempts",
                        "  store: compiled",
                        "  web: compiled")
                .line("  docs failed after 2 attempts \\(error\\): chapter 3 is missing");
    }
}
