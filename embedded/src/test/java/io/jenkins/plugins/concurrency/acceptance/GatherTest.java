package io.jenkins.plugins.concurrency.acceptance;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** {@code gather} as scripts see it. */
public class GatherTest {

    @Rule
    public final Timeout timeout = Timeout.seconds(120);

    @Rule
    public final Builds builds = new Builds();

    @Test
    public void collectsValuesAndErrorsInTheOrderOfTheMap() throws Exception {
        Builds.Build build = builds.run("""
                def r = gather branches: [
                    slow: { sleep 1; 41 + 1 }, text: { "a${1}" }, list: { [1, null, [k: true]] },
                    none: { }, bad: { error 'went wrong' }, defect: { [:].nope.bar }
                ], concurrency: 2
                echo "$r.succeeded $r.failed $r.cancelled ${r.size()} $r.allSucceeded"
                echo "${r.values()}"
                echo "${r['bad'].error} ${r[4].value} ${r['bad'].attempts} ${r['defect'].error.type}"
                """);
        build.assertEnded(2, "UNSTABLE")
                .assertSaid("4 2 0 6 false")
                .assertSaid("[42, a1, [1, null, [k:true]], null, null, null]")
                .assertSaid("error: went wrong null 1 error");
        build.line("gather: 6 branches in .*: 4 succeeded, 2 failed");
        build.line("  bad failed \\(error\\): went wrong");
        build.line("gather: defect failed:");
    }

    @Test
    public void noMoreAreLiveThanAllowed() throws Exception {
        Builds.Build build = builds.run("""
                int live = 0
                int most = 0
                def work = [:]
                for (int i = 0; i < 20; i++) {
                    int n = i
                    work["n$n"] = { live++; most = Math.max(most, live); sleep time: 20, unit: 'MILLISECONDS'; live--; n }
                }
                def r = gather branches: work, concurrency: 3, quiet: true
                echo "most $most sum ${r.sum { it.value }}"
                """);
        build.assertEnded(0, "SUCCESS").assertSaid("most 3 sum 190");
    }

    @Test
    public void otherSerializableValuesAreKept() throws Exception {
        builds.run("""
                class Point implements Serializable { int x }
                def r = gather date: { new Date(5) }, point: { new Point(x: 3) }, inner: { gather a: { 7 } }
                echo "${r['date'].value.time} ${r['point'].value.x} ${r['inner'].value['a'].value}"
                """)
                .assertEnded(0, "SUCCESS")
                .assertSaid("5 3 7");
    }

    @Test
    public void aFailureBudgetLetsTheLiveEnd() throws Exception {
        Builds.Build build = builds.run("""
                def spent = false
                def running = { while (!spent) { sleep time: 20, unit: 'MILLISECONDS' }; sleep 1; 'done' }
                def r = gather branches: [a: { error 'one' }, b: running, c: { spent = true; error 'two' }, d: { }, e: { }],
                    concurrency: 2, failFast: '40%', failFastMode: 'soon', onFailure: 'ignore'
                echo "${r.collect { it.outcome }} ${r['b'].value} ${r['d'].error.message}"
                """);
        build.assertEnded(0, "SUCCESS")
                .assertSaid("[failed, succeeded, failed, cancelled, cancelled] done failFast: 'c' failed, failure 2 of 2")
                .assertSaid("  failFast: 'c' failed, failure 2 of 2");
    }

    @Test
    public void failFastStopsTheLiveAndStartsNoOther() throws Exception {
        Builds.Build build = builds.run("""
                def r = gather branches: [a: { sleep 100 }, b: { sleep 1; error 'first' }, c: { echo 'c runs' }],
                    concurrency: 2, failFast: true, onFailure: 'ignore'
                echo "${r.collect { it.outcome }} ${r.collect { it.attempts }} ${r['a'].error}"
                """);
        build.assertEnded(0, "SUCCESS").assertSaid("[cancelled, failed, cancelled] [1, 1, 0] cancelled: failFast: 'b' failed");
        assertFalse(build.log(), build.lines().contains("c runs"));
    }

    @Test
    public void repeatsFailedAttemptsAndLimitsEach() throws Exception {
        builds.run("""
                int tries = 0
                def r = gather flaky: { tries++; if (tries < 3) { error 'again' }; tries }, slow: { sleep 100 },
                    retries: 2, retryDelay: 0, timeout: 1, onFailure: 'ignore'
                echo "${r['flaky'].value} ${r['flaky'].attempts} / ${r['slow'].error} ${r['slow'].attempts}"
                """)
                .assertEnded(0, "SUCCESS")
                .assertSaid("3 3 / timeout: did not end within 1 s 3");
    }

    @Test
    public void waitsBeforeAnotherAttempt() throws Exception {
        Builds.Build build = builds.run("""
                int tries = 0
                def r = gather a: { tries++; if (tries == 1) { error 'once' }; tries }, retries: 1, retryDelay: 1
                echo "${r['a'].value} ${r['a'].attempts}"
                """);
        build.assertEnded(0, "SUCCESS").assertSaid("2 2");
        build.line("gather: a: next attempt in .*");
    }

    @Test
    public void branchesStartWhenWhatTheyNeedHasSucceeded() throws Exception {
        builds.run("""
                def done = []
                def r = gather deploy: { done << 'deploy' }, e2e: { done << 'e2e' }, api: { sleep 1; done << 'api' },
                    web: { done << 'web' }, needs: [e2e: ['api', 'web'], deploy: "${'e2e'}"], concurrency: 3
                echo "$done $r.succeeded"
                """)
                .assertEnded(0, "SUCCESS")
                .assertSaid("[web, api, e2e, deploy] 4");
    }

    @Test
    public void branchesOfOneChainOfNeedsShareAWorker() throws Exception {
        Builds.Build build = builds.run("def r = gather c: { 3 }, a: { 1 }, b: { 2 }, needs: [b: 'a', c: 'b']\necho \"${r.values()}\"");
        build.assertEnded(0, "SUCCESS").assertSaid("[3, 1, 2]");
        assertFalse("none waits:\n" + build.log(), build.log().contains("gatherPause"));
    }

    @Test
    public void whatNeedsAFailedBranchIsSkippedAndOnlyTheFailureCounts() throws Exception {
        Builds.Build build = builds.run("""
                int tries = 0
                def r = gather bad: { tries++; error 'broken' }, e2e: { echo 'no' }, deploy: { echo 'no' }, good: { 1 },
                    needs: [e2e: ['bad', 'good'], deploy: ['e2e']], retries: 1, retryDelay: 0
                echo "$tries $r.succeeded $r.failed $r.cancelled $r.skipped ${r.failures.collect { it.name }}"
                echo "${r['deploy'].outcome} ${r['deploy'].error} ${r['deploy'].attempts} ${r['e2e'].error.message}"
                """);
        build.assertEnded(2, "UNSTABLE")
                .assertSaid("2 1 1 0 2 [bad]")
                .assertSaid("skipped skipped: it needs 'e2e', which was skipped 0 it needs 'bad', which failed");
        build.line("gather: 4 branches in .*: 1 succeeded, 1 failed, 2 skipped");
    }

    @Test
    public void whatNeedsTheFailureThatStopsTheStepIsSkippedAndTheRestCancelled() throws Exception {
        builds.run("""
                def r = gather bad: { error 'broken' }, late: { 1 }, other: { sleep 100 }, last: { 2 },
                    needs: [late: 'bad', last: 'other'], failFast: true, onFailure: 'ignore'
                echo "gather ${r.collect { it.outcome }} $r.skipped"
                node {
                    def p = cpuPool tasks: [bad: 'exit 1', late: 'echo', other: 'sleep 100', last: 'echo'], workers: 4,
                        needs: [late: 'bad', last: 'other'], failFast: true, onFailure: 'ignore'
                    echo "pool ${p.collect { it.outcome }} $p.skipped"
                }
                """)
                .assertEnded(0, "SUCCESS")
                .assertSaid("gather [failed, skipped, cancelled, cancelled] 1")
                .assertSaid("pool [failed, skipped, cancelled, cancelled] 1");
    }

    @Test
    public void aWorkerThatWaitsForAnAttemptTakesWhatBecomesReady() throws Exception {
        builds.run("""
                def slept = false
                def done = []
                def fail = { throw new org.jenkinsci.plugins.workflow.steps.FlowInterruptedException(hudson.model.Result.ABORTED) }
                def r = gather flaky: { if (slept && !done) { fail() }; error 'again' }, slow: { sleep 1; slept = true },
                    other: { done << 'other' }, next: { while (!done) { sleep time: 50, unit: 'MILLISECONDS' }; fail() },
                    needs: [next: 'slow', other: 'slow'], concurrency: 2, retries: 100, retryDelay: 1000, failFast: true,
                    onFailure: 'ignore'
                echo "${r.collectEntries { [it.name, it.outcome] }}"
                """)
                .assertEnded(0, "SUCCESS")
                .assertSaid("[flaky:cancelled, slow:succeeded, other:succeeded, next:failed]");
    }

    @Test
    public void branchesThatWaitForTheirNextAttemptDoNotWakeEachOther() throws Exception {
        Builds.Build build = builds.run("""
                def bad = { error 'broken' }
                def r = gather a: { 1 }, b: bad, c: bad, d: bad, e: bad, needs: [e: 'a'], retries: 1, retryDelay: 2,
                    onFailure: 'ignore'
                echo "${r.collect { it.attempts }}"
                """);
        build.assertEnded(0, "SUCCESS").assertSaid("[1, 2, 2, 2, 2]");
        long pauses = build.lines().stream().filter(line -> line.contains("next attempt in")).count();
        assertTrue(build.log(), pauses <= 4);
    }

    @Test
    public void eachBranchOfAMatrixHasItsOwnCell() throws Exception {
        builds.run("""
                def r = gather(matrix: [n: [1, 2], opts: [[flags: []]]], concurrency: 1) { cell ->
                    cell.opts.flags << cell.n
                    cell.opts.flags
                }
                echo "${r.values()}"
                """)
                .assertEnded(0, "SUCCESS")
                .assertSaid("[[1], [2]]");
    }

    @Test
    public void anInterruptionWithinABranchIsItsFailureOnly() throws Exception {
        builds.run("""
                def r = gather branches: [
                    slow: { timeout(time: 1, unit: 'SECONDS') { sleep 100 } }, good: { sleep 2; 'good' }, next: { 'next' }
                ], concurrency: 2, onFailure: 'ignore'
                echo "${r.collect { it.outcome }} ${r['slow'].error.type} ${r.values()}"
                """)
                .assertEnded(0, "SUCCESS")
                .assertSaid("[failed, succeeded, succeeded] timeout [null, good, next]");
    }

    @Test
    public void anEnclosingTimeoutEndsTheStepAsInterrupted() throws Exception {
        Builds.Build build = builds.run("""
                timeout(time: 1, unit: 'SECONDS') {
                    gather branches: [a: { sleep 100 }, b: { echo 'b runs' }], concurrency: 1, retries: 3
                }
                """);
        build.assertEnded(3, "ABORTED").line("gather: 2 branches in .*: 0 succeeded, 2 cancelled");
        assertFalse(build.log(), build.lines().contains("b runs"));
    }

    @Test
    public void soDoesWhoeverStopsTheBuild() throws Exception {
        Builds.Build build = builds.start("""
                gather branches: [a: { echo 'a runs'; sleep 100 }, b: { echo 'b runs' }], concurrency: 1
                """);
        build.await("a runs");
        build.interrupt();
        build.end().assertEnded(3, "ABORTED").line("gather: 2 branches in .*: 0 succeeded, 2 cancelled");
        assertFalse(build.log(), build.lines().contains("b runs"));
    }

    @Test
    public void nestsAndSeesTheEnvironmentAround() throws Exception {
        builds.run("""
                stage('outer') { node { withEnv(['WHO=me']) { dir('sub') {
                    def r = gather branches: [
                        env: { writeFile file: 'f.txt', text: 'text'; env.WHO },
                        inner: { gather(one: { 1 }, two: { env.WHO + '!' }).values() },
                        node: { node { pwd() != null } },
                        parallel: { parallel p: { gather(q: { 'q' })['q'].value }, s: { 's' } }
                    ], concurrency: 2
                    echo "${r.values()} ${readFile 'f.txt'}"
                } } } }
                """)
                .assertEnded(0, "SUCCESS")
                .assertSaid("[me, [1, me!], true, [p:q, s:s]] text");
    }

    @Test
    public void failThrowsAndUnstableStays() throws Exception {
        Builds.Build failed = builds.run("gather branches: [good: { 1 }, bad: { error 'no' }], onFailure: 'fail'");
        failed.assertEnded(1, "FAILURE").line("ERROR: gather: 1 of 2 branches did not succeed: bad: error: no");
        builds.run("echo \"${gather(a: { unstable 'hm'; 5 }, onFailure: 'fail').values()}\"")
                .assertEnded(2, "UNSTABLE")
                .assertSaid("[5]");
    }

    @Test
    public void nothingToDo() throws Exception {
        builds.run("echo \"${gather([:]).size()} ${gather(branches: [:]).allSucceeded}\"")
                .assertEnded(0, "SUCCESS")
                .assertSaid("0 true");
    }

    @Test
    public void wrongArgumentsEndInOneLine() throws Exception {
        assertWrong("gather branches: [a: 5]", "gather: branches: 'a' is Integer \\(5\\); allowed is a closure");
        assertWrong("gather branches: [:], concurrency: -1", "gather: concurrency: -1 is given; allowed is 0 or more");
        assertWrong("gather a: { }, concurency: 2", "gather: unknown parameter 'concurency'; did you mean 'concurrency'\\?");
    }

    private void assertWrong(String call, String message) throws Exception {
        Builds.Build build = builds.run(call).assertEnded(1, "FAILURE");
        build.line("ERROR: " + message);
        assertEquals(build.log(), 0, build.lines().stream().filter(line -> line.startsWith("\tat ")).count());
    }
}
