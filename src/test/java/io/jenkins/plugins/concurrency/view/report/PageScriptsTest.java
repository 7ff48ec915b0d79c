package io.jenkins.plugins.concurrency.view.report;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.view.data.BuildRuns;
import io.jenkins.plugins.concurrency.view.data.PlantedRun;
import io.jenkins.plugins.concurrency.view.data.RunIndex;
import io.jenkins.plugins.concurrency.view.data.TableQuery;
import io.jenkins.plugins.concurrency.view.data.TimelineExcerpt;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The page's scripts by themselves: their unit tests in {@code src/test/js}, run by Node where there is one. */
public class PageScriptsTest {

    private static final int OLDEST_NODE = 20;

    private static final Path PROJECT = project();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    /** The embedded build runs in a folder of its own. */
    private static Path project() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve("src/main/webapp"))) {
            directory = directory.getParent();
        }
        return directory;
    }

    private static List<Path> files(String directory, String end) throws IOException {
        try (Stream<Path> files = Files.walk(PROJECT.resolve(directory))) {
            return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
        }
    }

    private String run(Map<String, String> environment, String... command) throws Exception {
        Path output = folder.newFile().toPath();
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().remove("NODE_OPTIONS");
        builder.environment().putAll(environment);
        builder.start().waitFor();
        return Files.readString(output);
    }

    private String node() throws Exception {
        String node = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, "node"))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse(null);
        assumeTrue("skipped: no Node on the PATH", node != null);
        String version = run(Map.of(), node, "--version").strip();
        assumeTrue(
                "skipped: Node is " + version + ", older than " + OLDEST_NODE,
                version.matches("v\\d+\\..*") && Integer.parseInt(version.substring(1, version.indexOf('.'))) >= OLDEST_NODE);
        return node;
    }

    @Test
    public void unitTestsOfTheScriptsPass() throws Exception {
        List<String> command = new ArrayList<>(List.of(node(), "--test", "--test-reporter=tap"));
        files("src/test/js", ".test.mjs").forEach(file -> command.add(file.toString()));
        Path answers = Files.writeString(folder.newFile().toPath(), answers());
        String output = run(Map.of("SERVER_ANSWERS", answers.toString()), command.toArray(String[]::new));
        assertTrue(output, output.contains("\n# fail 0\n") && output.contains("\n# cancelled 0\n"));
        assertTrue("all are run: " + output, output.contains("\n# skipped 0\n") && output.matches("(?s).*\n# pass [1-9].*"));
    }

    @Test
    public void everyScriptIsPartOfAPageAndIsNotLong() throws Exception {
        Set<String> used = Stream.of(PageFiles.scripts(), PageFiles.scriptsOfReports(), PageFiles.scriptsOfTrends())
                .flatMap(List::stream)
                .filter(file -> file.startsWith("concurrency-steps/"))
                .map(file -> file.substring(file.indexOf('/') + 1))
                .collect(Collectors.toSet());
        Path webapp = PROJECT.resolve("src/main/webapp");
        List<Path> scripts = files("src/main/webapp/js", ".js");
        assertEquals(
                used,
                scripts.stream()
                        .map(file -> webapp.relativize(file).toString().replace(File.separatorChar, '/'))
                        .collect(Collectors.toSet()));
        for (Path script : scripts) {
            assertTrue(script.toString(), Files.readAllLines(script, StandardCharsets.UTF_8).size() <= 200);
        }
    }

    /** A report's data, and what the server answers to some questions about them. */
    private String answers() throws Exception {
        plantRun();
        BuildRuns runs = new BuildRuns(folder.getRoot().toPath());
        runs.refresh(false);
        StringWriter data = new StringWriter();
        new HtmlReport("title", null, runs, false).writeData(data);
        RunIndex run = runs.all().get(0);
        List<String> asked = new ArrayList<>();
        asked.add(asked(run, new TimelineExcerpt.Query(0, -1, 0, 64, 1_000), 0, "", "", "", false, "outcome", "asc"));
        asked.add(asked(run, new TimelineExcerpt.Query(0, -1, 1, 2, 200), 25, "1", "", "", false, "duration", "desc"));
        asked.add(asked(run, new TimelineExcerpt.Query(500, 2_500, 0, 64, 400), 0, "IMAGE", "failed", "", false, "name", "asc"));
        asked.add(asked(run, new TimelineExcerpt.Query(0, 900_000, 2, 64, 1_200), 0, "", "", "exit", false, "code", "asc"));
        asked.add(asked(run, new TimelineExcerpt.Query(5_000, 5_001, 0, 64, 600), 0, "", "", "", true, "attempts", "desc"));
        asked.add(asked(run, new TimelineExcerpt.Query(0, -1, 0, 64, 200), 275, "", "", "", false, "error", "asc"));
        asked.add(asked(run, new TimelineExcerpt.Query(100, 101, 4, 64, 200), 0, "", "", "", false, "start", "desc"));
        asked.add(asked(run, new TimelineExcerpt.Query(100, 5_000, 0, 1, 800), 50, "", "succeeded", "", false, "lane", "asc"));
        return "{\"data\":" + data + ",\"asked\":[" + String.join(",", asked) + "]}";
    }

    /** Three hundred branches on five workers, some failed, some cancelled, some retried. */
    private void plantRun() throws IOException {
        Random random = new Random(14);
        PlantedRun run = PlantedRun.begin(
                folder.getRoot().toPath(), "run", PlantedRun.about("cpuPool", "images", 300, 5));
        for (int i = 0; i < 300; i++) {
            int worker = 1 + i % 5;
            long start = i / 5 * 100L;
            long millis = random.nextInt(4) == 0 ? 95 : random.nextInt(12);
            String name = (i % 2 == 0 ? "Image-" : "image-") + random.nextInt(200);
            switch (random.nextInt(8)) {
                case 0 -> run.add(PlantedRun.failed(
                        i, name, start, millis, ErrorType.EXIT, "exit code 3", PlantedRun.command(worker, 3, "")));
                case 1 -> run.add(PlantedRun.cancelled(i, name, "enough"));
                case 2 -> run.add(retried(i, name, worker, start));
                default -> run.add(PlantedRun.succeeded(i, name, start, millis, PlantedRun.command(worker, 0, "")));
            }
        }
        run.finish(300);
    }

    private static Outcome retried(int index, String name, int worker, long start) {
        List<Object> tries = List.of(
                Map.of(OutcomeDetail.TRY_START, 0, OutcomeDetail.TRY_MILLIS, 30, OutcomeDetail.TRY_ERROR, "exit", OutcomeDetail.WORKER, worker),
                Map.of(OutcomeDetail.TRY_START, 50, OutcomeDetail.TRY_MILLIS, 40, OutcomeDetail.WORKER, worker));
        Map<String, Object> details = Map.of(OutcomeDetail.WORKER, worker, OutcomeDetail.EXIT_CODE, 0, OutcomeDetail.TRIES, tries);
        return new Outcome(index, name, OutcomeStatus.SUCCEEDED, null, 2, PlantedRun.START + start, 90, details);
    }

    private static String asked(
            RunIndex run,
            TimelineExcerpt.Query part,
            int start,
            String search,
            String outcome,
            String error,
            boolean retried,
            String sort,
            String order) {
        Map<String, Object> query = new LinkedHashMap<>();
        query.put("lane", part.firstLane());
        query.put("lanes", part.lanes());
        query.put("width", part.width());
        if (part.to() >= 0) {
            query.put("from", part.from());
            query.put("to", part.to());
        }
        query.putAll(Map.of("start", start, "length", 25, "search", search, "outcome", outcome, "error", error));
        query.putAll(Map.of("retried", retried ? "true" : "", "sort", sort, "order", order));
        Map<String, Object> table =
                run.table(TableQuery.of(search, outcome, error, retried, sort, order.equals("desc")), start, 25);
        return Json.write(Map.of("query", query, "timeline", run.timeline(part), "table", table));
    }
}
