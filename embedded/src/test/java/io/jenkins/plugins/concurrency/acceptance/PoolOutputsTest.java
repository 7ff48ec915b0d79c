package io.jenkins.plugins.concurrency.acceptance;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** What commands write, beyond the ends that results have. */
public class PoolOutputsTest {

    @Rule
    public final Timeout timeout = Timeout.seconds(180);

    @Rule
    public final Builds builds = new Builds();

    @Test
    public void wholeOutputsAreArtifactsOfTheBuild() throws Exception {
        Builds.Build build = builds.run("node {\n"
                        + "def r = cpuPool tasks: [long: 'seq 20000', 'a b': 'echo why >&2; exit 3'], keepOutput: true, "
                        + "name: 'two', onFailure: 'ignore'\n"
                        + "echo \"files <${r['long'].stdoutFile}> <${r['a b'].stderrFile}> ${r['long'].stderrFile}\"\n"
                        + "}")
                .assertEnded(0, "SUCCESS");
        String files = build.line("files <concurrency/two-[0-9a-f]{8}/1-long.stdout.txt> "
                + "<concurrency/two-[0-9a-f]{8}/2-a-b.stderr.txt> null");
        Path archive = Path.of(build.line("Report: .*").substring("Report: ".length())).resolveSibling("archive");
        String[] names = files.split("[<>]");
        assertEquals(20_000, Files.readAllLines(archive.resolve(names[1])).size());
        assertEquals("why\n", Files.readString(archive.resolve(names[3])));
    }

    @Test
    public void linesAreShownWhileCommandsRun() throws Exception {
        Builds.Build build = builds.start(
                "node { cpuPool tasks: [a: 'echo first; until [ -e go ]; do sleep 0.1; done; echo last'], follow: true }");
        build.await("[a] first");
        Files.createFile(builds.workspace().resolve("go"));
        List<String> log = build.end().assertEnded(0, "SUCCESS").lines();
        int last = log.indexOf("[a] last");
        assertTrue(build.log(), last > 0);
        assertTrue("before the summary", log.subList(last, log.size()).stream().anyMatch(line -> line.startsWith("cpuPool: 1 branch in")));
    }

    @Test
    public void linesKeepTheirColoursAndNothingElseThatTerminalsObey() throws Exception {
        Builds.Build build = builds.run("node { cpuPool tasks: [a: 'printf \"\\\\033[2K\\\\033[31mred\\\\033[0m plain\\\\n\"'], follow: true }");
        build.assertEnded(0, "SUCCESS").assertSaid("[a] \u001b[31mred\u001b[0m plain");
    }
}
