package io.jenkins.plugins.concurrency.embedded;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.Result;
import java.util.List;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

public class ParallelTest {

    @Rule
    public final Timeout timeout = Timeout.seconds(60);

    @Rule
    public final Builds builds = new Builds();

    /** Each branch can only end when the other one has begun. */
    @Test
    public void branchesInterleave() {
        Builds.Build build = builds.run("""
                def results = parallel(
                    a: { meet 'first'; meet 'second'; 'A' },
                    b: { meet 'first'; meet 'second'; 'B' })
                echo "$results"
                """);
        assertEquals(List.of("[a:A, b:B]"), build.said());
    }

    @Test
    public void shellsRunAtTheSameTime() {
        Builds.Build build = builds.run("""
                node {
                    sh '#!/bin/sh\\nmkfifo one two'
                    parallel(
                        a: { sh '#!/bin/sh\\necho from a > one; cat two' },
                        b: { sh '#!/bin/sh\\ncat one; echo from b > two' })
                }""");
        assertEquals(Set.of("from a", "from b"), Set.copyOf(build.said()));
    }

    @Test
    public void branchesMadeInALoopSeeTheirOwnVariables() {
        Builds.Build build = builds.run("""
                def branches = [:]
                for (int i = 0; i < 3; i++) { int n = i; branches["b$n"] = { sleep 0; n * n } }
                def results = parallel(branches)
                echo "${results}"
                """);
        assertEquals("[b0:0, b1:1, b2:4]", build.said().get(3));
    }

    @Test
    public void theLogNamesBranches() {
        Builds.Build build = builds.run("parallel x: { echo 'in x' }");
        assertEquals(
                List.of("[Pipeline] parallel", "[Pipeline] { (Branch: x)", "[Pipeline] echo", "in x", "[Pipeline] }",
                        "[Pipeline] // parallel"),
                build.all().lines().skip(2).limit(6).toList());
    }

    @Test
    public void allBranchesEndBeforeTheFirstFailureIsThrown() {
        Builds.Build build = builds.run("""
                try {
                    parallel(
                        good: { meet 'failed'; echo 'good ends' },
                        bad: { try { error 'bad fails' } finally { meet 'failed' } },
                        worse: { throw new IllegalStateException('worse fails') })
                } catch (e) {
                    echo "$e.message ${e.suppressed*.message}"
                }""");
        assertEquals(Result.SUCCESS, build.end());
        assertTrue(build.all(), build.said().contains("good ends"));
        assertEquals("worse fails [bad fails]", build.said().get(build.said().size() - 1));
    }

    @Test
    public void failFastStopsTheOthers() {
        Builds.Build build = builds.run("""
                parallel(
                    slow: { try { sleep 1000 } finally { echo 'slow is stopped' } },
                    bad: { error 'bad fails' },
                    failFast: true)
                """);
        assertEquals(Result.FAILURE, build.end());
        assertEquals(
                List.of("Sleeping for 16 min 40 sec", "Failed in branch bad", "slow is stopped", "Failed in branch slow",
                        "ERROR: bad fails"),
                build.said());
    }

    @Test
    public void branchesNest() {
        Builds.Build build = builds.run("""
                def r = parallel a: { parallel x: { meet 'all'; 1 }, y: { 2 } }, b: { meet 'all'; 3 }
                echo "$r"
                """);
        assertEquals(List.of("[a:[x:1, y:2], b:3]"), build.said());
    }

    @Test
    public void noBranches() {
        assertEquals(List.of("No branches to run", "[:]"), builds.run("echo \"${parallel([:])}\"").said());
    }

    @Test
    public void timeoutStopsEveryBranch() {
        Builds.Build build = builds.run("""
                timeout(time: 50, unit: 'MILLISECONDS') {
                    parallel a: { hold() }, b: { stage('s') { hold() } }
                }""");
        assertEquals(Result.ABORTED, build.end());
        assertTrue(build.all(), build.said().containsAll(List.of("Failed in branch a", "Failed in branch b")));
    }

    @Test
    public void whatIsNoBranchIsRefused() {
        assertEquals(
                List.of("ERROR: parallel: expects closures and failFast, but 'a' is 1"),
                builds.run("parallel a: 1").said());
    }
}
