package io.jenkins.plugins.concurrency.acceptance;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.InstalledPrograms;
import io.jenkins.plugins.concurrency.steps.pool.CpuPoolStep;
import io.jenkins.plugins.concurrency.steps.pool.IoPoolStep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

/** What docs/cpuPool.md and docs/ioPool.md show runs as it stands, and what they list is what there is. */
public class DocumentedPoolsTest {

    @Rule
    public final Timeout timeout = Timeout.seconds(300);

    @Rule
    public final Builds builds = new Builds();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private DocumentedScripts cpuPool;
    private DocumentedScripts ioPool;

    @Before
    public void read() throws Exception {
        cpuPool = DocumentedScripts.of("cpuPool.md");
        ioPool = DocumentedScripts.of("ioPool.md");
    }

    private Builds.Build run(DocumentedScripts page, String heading, String... parameters) throws Exception {
        Path file = Files.writeString(folder.getRoot().toPath().resolve("documented.Jenkinsfile"), page.script(heading));
        return builds.run(file, parameters);
    }

    private Builds.Build succeeded(DocumentedScripts page, String heading, String... parameters) throws Exception {
        return run(page, heading, parameters).assertEnded(0, "SUCCESS");
    }

    @Test
    public void commandsOfImages() throws Exception {
        run(cpuPool, "# `cpuPool`")
                .assertEnded(2, "UNSTABLE")
                .assertSaid("2 of 3 made")
                .assertSaid("photos/4.jpg: exit, exit code 1");
        assertEquals("photo 2\n", Files.readString(builds.workspace().resolve("thumbs/2.jpg")));
    }

    @Test
    public void shells() throws Exception {
        InstalledPrograms.assume("bash");
        assumeTrue("/usr/bin/awk is not installed", Files.isExecutable(Path.of("/usr/bin/awk")));
        succeeded(cpuPool, "### Shells and other interpreters").assertSaid("exit code 1, length 4");
    }

    @Test
    public void tasksThatNeedOthers() throws Exception {
        succeeded(cpuPool, "### Tasks that need others").assertSaid("tested [api, web], 0 skipped");
    }

    @Test
    public void branchesThatNeedOthers() throws Exception {
        run(DocumentedScripts.of("steps.md"), "## Branches that need others")
                .assertEnded(0, "SUCCESS")
                .assertSaid("4 succeeded, 1 failed, 1 skipped")
                .assertSaid("it needs 'docs', which failed");
    }

    @Test
    public void compress() throws Exception {
        InstalledPrograms.assume("gzip");
        succeeded(cpuPool, "### Compress what a file lists").assertSaid("6 of 6 packed");
        try (Stream<Path> files = Files.list(builds.workspace().resolve("logs"))) {
            assertEquals(List.of(), files.filter(file -> !file.toString().endsWith(".gz")).toList());
        }
    }

    @Test
    public void matrixOfBuilds() throws Exception {
        succeeded(cpuPool, "### A matrix of builds").assertSaid("os=mac, jdk=21, flags=--fast: succeeded");
        assertEquals("linux with 21 --preview\n", Files.readString(builds.workspace().resolve("linux-21.log")));
        assertEquals("linux with 17 \n", Files.readString(builds.workspace().resolve("linux-17.log")));
    }

    @Test
    public void failureBudget() throws Exception {
        run(cpuPool, "### Stop when too many fail")
                .assertEnded(2, "UNSTABLE")
                .assertSaid("  failFast: '3' failed, failure 3 of 3")
                .assertSaid("3 failed, 47 were never started");
    }

    @Test
    public void exitCodes() throws Exception {
        succeeded(cpuPool, "### Exit codes as data")
                .assertSaid("findings: [style]")
                .assertSaid("broken: [spelling, no dictionary]");
    }

    @Test
    public void logs() throws Exception {
        Builds.Build build = succeeded(cpuPool, "### Watch builds and keep their logs");
        for (String line : List.of("[api] compiling", "[api] linking", "[web] packing", "[web] no licence")) {
            assertTrue(line, build.lines().contains(line));
        }
        String kept = build.line("the log of web is concurrency/.*").substring("the log of web is ".length());
        Path report = Path.of(build.line("Report: .*").substring("Report: ".length()));
        assertEquals("packing\n", Files.readString(report.resolveSibling("archive").resolve(kept)));
    }

    @Test
    public void functions() throws Exception {
        succeeded(cpuPool, "### Compute in Groovy").assertSaid("430 primes up to 3000");
    }

    @Test
    public void limits() throws Exception {
        InstalledPrograms.assume("prlimit", "taskset");
        succeeded(cpuPool, "### Benchmarks that others neither disturb nor are disturbed by")
                .assertSaid("seed 11, seed 12, seed 13");
    }

    @Test
    public void clones() throws Exception {
        InstalledPrograms.assume("git");
        succeeded(ioPool, "### Many clones at once, each tried three times").assertSaid("3 cloned");
        assertTrue(Files.isDirectory(builds.workspace().resolve("clones/web/.git")));
    }

    @Test
    public void manyHosts() throws Exception {
        try (HttpTestServer server = new HttpTestServer((request, to) ->
                to.respond(request.path().equals("/hosts/13") ? 503 : 200))) {
            succeeded(ioPool, "### Ask many hosts with a library of Java's", "site=" + server.root())
                    .assertSaid("19 of 20 hosts are up");
        }
    }

    @Test
    public void uploadsInTurn() throws Exception {
        succeeded(ioPool, "### Upload one after the other, but not too fast").assertSaid("sent in about two seconds, or more");
    }

    @Test
    public void everyScriptIsRunAndEveryParameterIsListed() {
        assertEquals("cpuPool.md", 10, cpuPool.scripts());
        assertEquals("ioPool.md", 3, ioPool.scripts());
        assertEquals(DocumentedScripts.parameters(CpuPoolStep.class), cpuPool.rows("## Parameters\n", "## Processes\n"));
        assertEquals(DocumentedScripts.parameters(IoPoolStep.class), ioPool.rows("## Parameters\n", "## What is different\n"));
    }
}
