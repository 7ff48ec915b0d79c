package io.jenkins.plugins.concurrency.embedded;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

/** The script {@code bench}, with as little work as it has. */
public class BenchScriptTest {

    private static final int COLUMNS = 100;

    @Rule
    public final Timeout timeout = Timeout.seconds(240);

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private Process bench;

    @After
    public void end() {
        if (bench != null) {
            bench.destroy();
        }
    }

    private BufferedReader start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("embedded.basedir"), "bench").toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("TMPDIR", temporary.getRoot().toString());
        bench = builder.start();
        return bench.inputReader();
    }

    private List<String> run(int status, String... arguments) throws Exception {
        List<String> lines = start(arguments).lines().toList();
        assertEquals(String.join("\n", lines), status, bench.waitFor());
        return lines;
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> files = Files.list(temporary.getRoot().toPath())) {
            return files.toList();
        }
    }

    private static void assertLine(List<String> lines, String pattern) {
        assertTrue(pattern + " in\n" + String.join("\n", lines), lines.stream().anyMatch(line -> line.matches(pattern)));
    }

    @Test
    public void aTableShowsNumbersRatiosAndTargets() throws Exception {
        List<String> lines = run(0, "fetch", "--quick", "--rounds", "1", "--peers", "curl", "discard");
        assertLine(lines, "discard: 2,000 x 10 KiB, .*");
        assertLine(lines, "  parallelFetch +[0-9,]+ /s .*");
        assertLine(lines, "  aiohttp +left out");
        assertLine(lines, "  parallelFetch : curl --parallel +[0-9.-]+.* at least 0.80 x +(yes|NO|not measured)");
        // What comes before says what the machine is called.
        List<String> table = lines.stream()
                .dropWhile(line -> !line.startsWith("discard: "))
                .toList();
        table.forEach(line -> assertTrue(line, line.length() <= COLUMNS));
        assertEquals(List.of(), left());
    }

    @Test
    public void whoStopsItFindsNothingLeft() throws Exception {
        start("fetch", "--quick", "discard").readLine();
        bench.destroy();
        bench.waitFor();
        assertEquals(List.of(), left());
    }

    @Test
    public void unknownCase() throws Exception {
        assertEquals(
                List.of("embedded/bench: 'disk' is no case of pool, which are commands, functions, inputs, cpu;"
                        + " see embedded/bench --help"),
                run(64, "pool", "disk"));
    }
}
