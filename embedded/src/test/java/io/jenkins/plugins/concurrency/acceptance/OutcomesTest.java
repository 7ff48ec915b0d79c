package io.jenkins.plugins.concurrency.acceptance;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.InstalledPrograms;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** What becomes of a build whose branches fail, what scripts get to see of it, and what is left when a build is stopped. */
public class OutcomesTest {

    /** Of four branches the second and the fourth fail. */
    private static final String POOL = "cpuPool(tasks: [a: 'echo A', b: 'exit 3', c: 'echo C', d: 'echo oh >&2; exit 4']";

    @Rule
    public final Timeout timeout = Timeout.seconds(120);

    @Rule
    public final Builds builds = new Builds();

    @Test
    public void byDefaultFailedBranchesMakeTheBuildUnstable() throws Exception {
        Builds.Build build = builds.run("node { def r = " + POOL + "); echo \"then $r.failed\" }");
        build.assertEnded(2, "UNSTABLE").assertSaid("then 2");
        build.line("cpuPool: 4 branches in .*: 2 succeeded, 2 failed");
        build.line("  b failed \\(exit\\): .*");
        build.line("  d failed \\(exit\\): .*");
    }

    @Test
    public void failThrowsWhatNamesTheFailures() throws Exception {
        Builds.Build build = builds.run("node { " + POOL + ", onFailure: 'fail'); echo 'then' }");
        build.assertEnded(1, "FAILURE");
        build.line("ERROR: cpuPool: 2 of 4 branches did not succeed: b: exit: .*; d: exit: .*");
        assertFalse(build.log(), build.lines().contains("then"));
    }

    @Test
    public void tasksWaitForThoseTheyNeedAndAreSkippedWhereTheseFail() throws Exception {
        Builds.Build build = builds.run("""
                node {
                    def tasks = [deploy: 'echo deploy >> done', e2e: 'echo e2e >> done', api: 'sleep 1; echo api >> done',
                        web: 'echo web >> done', docs: 'exit 2', site: 'echo site >> done', ads: 'echo ads >> done']
                    def needs = [e2e: ['api', 'web'], deploy: 'e2e', site: ['docs', 'web'], ads: 'site']
                    def r = cpuPool(tasks: tasks, needs: needs, workers: 8)
                    echo "${readFile('done').split()} $r.succeeded $r.failed $r.cancelled $r.skipped"
                    echo "${r['ads'].outcome} ${r['site'].error}"
                    cpuPool(tasks: tasks, needs: needs, onFailure: 'fail', name: 'again')
                }
                """);
        build.assertEnded(1, "FAILURE")
                .assertSaid("[web, api, e2e, deploy] 4 1 0 2")
                .assertSaid("skipped skipped: it needs 'docs', which failed");
        build.line("cpuPool: 7 branches in .*: 4 succeeded, 1 failed, 2 skipped");
        build.line("ERROR: again: 1 of 7 branches did not succeed, 2 skipped: docs: exit: .*");
    }

    @Test
    public void ignoreReturnsTheResults() throws Exception {
        builds.run("node { def r = " + POOL + ", onFailure: 'ignore', name: 'letters'); echo \"$r\" }")
                .assertEnded(0, "SUCCESS")
                .assertSaid("letters: 2 of 4 succeeded");
    }

    @Test
    public void resultsAsScriptsSeeThem() throws Exception {
        builds.run("node {\n"
                        + "def r = " + POOL + ", onFailure: 'ignore')\n"
                        + "echo \"$r.succeeded $r.failed $r.cancelled ${r.size()} $r.allSucceeded ${r.durationMillis >= 0}\"\n"
                        + "echo \"${r.values()} ${r.failures.collect { it.name }} ${r.collect { it.ok }}\"\n"
                        + "echo \"${r['a'].stdout.trim()} ${r['b'].exitCode} ${r[2].name} ${r[-1].stderr.trim()} ${r['x']}\"\n"
                        + "r.each { echo \"each $it.index $it.name\" }\n"
                        + "for (b in r) { sh \"#!/bin/sh\\necho 'for $b.name $b.attempts'\" }\n"
                        + "echo \"${r[0].error} ${r[1].error.type} ${r[1].value}\"\n"
                        + "def ok = cpuPool(tasks: [a: 'true'])\n"
                        + "echo \"$ok.allSucceeded ${ok.throwIfFailed().size()}\"\n"
                        + "}")
                .assertEnded(0, "SUCCESS")
                .assertSaid("2 2 0 4 false true")
                .assertSaid("[A, null, C, null] [b, d] [true, false, true, false]")
                .assertSaid("A 3 c oh null")
                .assertSaid("each 0 a")
                .assertSaid("each 3 d")
                .assertSaid("for a 1")
                .assertSaid("for d 1")
                .assertSaid("null exit null")
                .assertSaid("true 1");
    }

    @Test
    public void resultsAreComparedSlicedAndSpreadAsListsAre() throws Exception {
        try (InputStream script = OutcomesTest.class.getResourceAsStream("../steps/result/results.Jenkinsfile")) {
            builds.run(new String(script.readAllBytes(), StandardCharsets.UTF_8))
                    .assertEnded(0, "SUCCESS")
                    .assertSaid("all as expected");
        }
    }

    @Test
    public void onlyItsUserReadsTheInputsOfARun() throws Exception {
        builds.run("node { def r = cpuPool(tasks: [a: 'cd \"$(pwd)@tmp\"/concurrency/*/; ls -l spec.json branches.ndjson'])\n"
                        + "echo r[0].stdout.readLines().collect { it.substring(0, 10) }.join() }")
                .assertEnded(0, "SUCCESS")
                .assertSaid("-rw-------".repeat(2));
    }

    @Test
    public void resultsOfWhatIsFetchedAndProcessedHaveBothParts() throws Exception {
        try (HttpTestServer server = new HttpTestServer((request, to) ->
                to.respond(request.path().length() > 2 ? 404 : 200, request.path()))) {
            builds.run("""
                    node {
                        def r = parallelFetch urls: [a: '%1$s/a', bad: '%1$s/bad', c: '%1$s/c'], toDir: 'pages',
                                onFailure: 'ignore', process: [command: 'tr a-z A-Z < {}; test {/} != c', workers: 1, retries: 1, retryDelay: 0]
                        echo "${r['a'].value} ${r['a'].status} ${r['a'].path} ${r['a'].exitCode} ${r['a'].attempts} ${r['a'].processAttempts}"
                        echo "${r['bad'].value} ${r['bad'].status} ${r['bad'].error.type} ${r['bad'].exitCode} ${r['bad'].processAttempts}"
                        echo "${r['c'].value} ${r['c'].status} ${r['c'].error.type} ${r['c'].stdout} ${r['c'].attempts} ${r['c'].processAttempts}"
                        def f = parallelFetch urls: ['%1$s/x'], process: [groovy: '[input.body, input.status]']
                        echo "${f[0].value} ${f[0].body} ${f.values()} ${parallelFetch(urls: ['%1$s/x'])[0].processAttempts}"
                    }
                    """.formatted(server.root()))
                    .assertEnded(0, "SUCCESS")
                    .assertSaid("/A 200 pages/a 0 1 1")
                    .assertSaid("null 404 status null 0")
                    .assertSaid("null 200 exit /C 1 2")
                    .assertSaid("[/x, 200] /x [[/x, 200]] null");
        }
    }

    @Test
    public void withoutAnEarlierBuildAllBranchesRun() throws Exception {
        builds.run("node { def r = cpuPool tasks: ['true'], resumeFrom: 'lastBuild', name: 'again'; echo \"${r[0].reused}\" }")
                .assertEnded(0, "SUCCESS")
                .assertSaid("again: there is no earlier build to resume from; all branches run")
                .assertSaid("false");
    }

    @Test
    public void theExceptionCarriesTheResults() throws Exception {
        builds.run("""
                import io.jenkins.plugins.concurrency.steps.result.BranchFailuresException
                node {
                    def r = cpuPool tasks: [a: 'true', b: 'false'], onFailure: 'ignore'
                    try {
                        r.throwIfFailed()
                    } catch (BranchFailuresException e) {
                        echo "thrown: ${e.results.succeeded} of ${e.results.size()}"
                    }
                    try {
                        cpuPool tasks: [a: 'true', b: 'false', c: 'true'], onFailure: 'fail'
                    } catch (BranchFailuresException e) {
                        echo "caught: ${e.results.succeeded} of ${e.results.size()}, ${e.results.failures[0].name}"
                    }
                }""")
                .assertEnded(0, "SUCCESS")
                .assertSaid("thrown: 1 of 2")
                .assertSaid("caught: 2 of 3, b");
    }

    @Test
    public void failFastCancelsWhatHasNotEnded() throws Exception {
        builds.run("""
                node {
                    // b fails when a runs.
                    sh 'mkfifo running'
                    def r = cpuPool(
                        tasks: [a: 'echo > running; sleep 1000', b: 'cat running; false', c: 'touch c', d: 'true'],
                        needs: [d: 'b'], workers: 2, failFast: true, onFailure: 'ignore')
                    echo "${r.collect { "$it.name $it.outcome ${it.error.type}" }}"
                    echo "$r.failed failed, $r.cancelled cancelled, c ${fileExists('c')}"
                }""")
                .assertEnded(0, "SUCCESS")
                .assertSaid("[a cancelled cancelled, b failed exit, c cancelled cancelled, d skipped skipped]")
                .assertSaid("1 failed, 2 cancelled, c false");
    }

    @Test
    public void attemptsAreCounted() throws Exception {
        Builds.Build build = builds.run("""
                node {
                    def r = cpuPool(
                        tasks: [never: 'echo >> never; exit 7', third: 'echo >> third; [ $(wc -l < third) -eq 3 ]', once: 'echo >> once'],
                        retries: 2, retryDelay: 0, onFailure: 'ignore')
                    echo "${r.collect { "$it.name $it.attempts $it.ok" }}"
                }""");
        build.assertEnded(0, "SUCCESS").assertSaid("[never 3 false, third 3 true, once 1 true]");
        build.line("  never failed after 3 attempts \\(exit\\): .*");
        assertEquals(3, Files.readAllLines(builds.workspace().resolve("never")).size());
        assertEquals(1, Files.readAllLines(builds.workspace().resolve("once")).size());
    }

    @Test
    public void aTimeoutEndsTheBranchWithAllItsProcesses() throws Exception {
        InstalledPrograms.assume("ps", "setsid");
        builds.run("""
                node {
                    def r = cpuPool(
                        tasks: [slow: 'sleep 1000 & echo $! > pids; setsid sleep 1001 & echo $! >> pids; wait', quick: 'true'],
                        timeout: 2, onFailure: 'ignore')
                    echo "$r.succeeded ${r['slow'].error}"
                    // Told while the build still runs. One that has ended may be listed as a zombie for a while.
                    sh '''#!/bin/sh
                        [ $(wc -l < pids) -eq 2 ] || echo incomplete
                        while read pid; do
                            case $(ps -o stat= -p $pid) in ''|Z*) ;; *) echo "$pid lives" ;; esac
                        done < pids
                        echo checked'''
                }""")
                .assertEnded(0, "SUCCESS")
                .assertSaid("1 timeout: no end within 2 s", "[Pipeline] sh", "checked");
    }

    @Test
    public void anInterruptedBuildLeavesNothing() throws Exception {
        Builds.Build build = builds.start("""
                node {
                    sh 'mkfifo commands function'
                    parallel(
                        commands: { cpuPool tasks: ['echo > commands; trap "" TERM INT; setsid sleep 1000 & sleep 1001'] },
                        functions: { cpuPool inputs: [1], groovy: 'new File("function").text = "x"; Thread.sleep(1000000)' },
                        watch: { sh '#!/bin/sh\\ncat commands function > /dev/null; echo all run' }
                    )
                }""");
        build.await("all run");
        build.interrupt();
        build.end().assertEnded(3, "ABORTED");
    }

    @Test
    public void theLogNamesTenFailuresAndCountsTheRest() throws Exception {
        Builds.Build build =
                builds.run("node { cpuPool inputs: (1..12).toList(), command: 'exit {}', onFailure: 'ignore' }");
        build.assertEnded(0, "SUCCESS");
        List<String> failures = build.lines().stream().filter(line -> line.contains(" failed (exit)")).toList();
        assertEquals(build.log(), 10, failures.size());
        build.assertSaid("  … and 2 more");
    }

    @Test
    public void inputsMayStandInAFile() throws Exception {
        builds.run("node {\n"
                        + "sh '#!/bin/sh\\nprintf \"a b\\\\n\\\\nc\\\\n\" >list.txt'\n"
                        + "def r = cpuPool(inputsFile: 'list.txt', command: 'echo \"{#}: {}\"', nice: 1, timeout: '500%')\n"
                        + "echo \"${r.values()} ${r[0].cpuMillis >= 0} ${r[0].worker}\"\n"
                        + "}")
                .assertEnded(0, "SUCCESS")
                .assertSaid("[1: a b, 2: c] true 1");
    }

    @Test
    public void aFileOfInputsThatIsMissingIsNamedInOneLine() throws Exception {
        Builds.Build build = builds.run("node { cpuPool(inputsFile: 'list.txt', command: 'echo {}') }");
        build.assertEnded(1, "FAILURE");
        build.line("ERROR: cpuPool: inputsFile: there is no file .*list.txt");
    }
}
