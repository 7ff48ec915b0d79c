package io.jenkins.plugins.concurrency.embedded;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import hudson.model.Result;
import io.jenkins.plugins.concurrency.embedded.process.ProcessTrees;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

public class BuiltInStepsTest {

    @Rule
    public final Timeout timeout = Timeout.seconds(60);

    @Rule
    public final Builds builds = new Builds();

    @Test
    public void theLogLooksLikeThatOfJenkins() {
        Builds.Build build = builds.run("node { stage('Build') { echo 'hello' } }");
        assertEquals(
                List.of(
                        "Started by user " + System.getProperty("user.name"),
                        "[Pipeline] Start of Pipeline",
                        "[Pipeline] node",
                        "Running on Jenkins in " + builds.workspace(),
                        "[Pipeline] {",
                        "[Pipeline] stage",
                        "[Pipeline] { (Build)",
                        "[Pipeline] echo",
                        "hello",
                        "[Pipeline] }",
                        "[Pipeline] // stage",
                        "[Pipeline] }",
                        "[Pipeline] // node",
                        "[Pipeline] End of Pipeline",
                        "Finished: SUCCESS"),
                build.all().lines().toList());
    }

    @Test
    public void theLogIsKeptInTheBuildDirectory() throws Exception {
        builds.run("echo 'first'");
        Builds.Build build = builds.run("echo 'second'");
        assertEquals(2, build.run().getNumber());
        assertEquals(builds.home().resolve("jobs/test/builds/2").toFile(), build.run().getRootDir());
        assertEquals(build.all(), Files.readString(build.run().getLogFile().toPath()));
    }

    @Test
    public void shTracesCommandsAndLogsBothOutputs() {
        Builds.Build build = builds.run("node { sh 'echo out; echo err >&2' }");
        assertEquals(List.of("+ echo out", "out", "+ echo err", "err"), build.said());
    }

    @Test
    public void shReturnsOutputOrStatus() {
        Builds.Build build = builds.run("""
                node {
                    def out = sh returnStdout: true, script: 'echo a; echo b; echo traced >&2'
                    def status = sh returnStatus: true, script: 'exit 7'
                    echo "${out.replace('\\n', ' ')}$status"
                }""");
        assertEquals(
                List.of("+ echo a", "+ echo b", "+ echo traced", "traced", "+ exit 7", "a b 7"), build.said());
    }

    @Test
    public void shFailsWithTheExitCode() {
        Builds.Build build = builds.run("node { sh 'false; echo never' }");
        assertEquals(Result.FAILURE, build.end());
        assertEquals(List.of("+ false", "ERROR: script returned exit code 1"), build.said());
    }

    @Test
    public void shHonoursTheFirstLine() {
        Builds.Build build = builds.run("node { sh '#!/bin/sh -u\\nfalse\\necho $0 | sed s:.*/::' }");
        assertEquals(List.of("script.sh"), build.said());
    }

    @Test
    public void shLogsAnUnfinishedLine() {
        assertEquals(List.of("no end"), builds.run("node { sh '#!/bin/sh\\nprintf \"no end\"' }").said());
    }

    @Test
    public void shDoesNotWaitForProcessesThatItLeavesBehind() {
        Builds.Build build = builds.run("""
                node {
                    sh '#!/bin/sh\\nsleep 1000 & echo $! > pid'
                    sh '#!/bin/sh\\nkill -0 $(cat pid) && echo alive'
                    env.PID = readFile('pid').trim()
                }
                echo "after $PID"
                """);
        assertEquals("alive", build.said().get(0));
        long pid = Long.parseLong(build.said().get(1).substring("after ".length()));
        assertFalse("node ends what carries its cookie", isRunning(pid));
    }

    @Test
    public void processesThatChangeTheirCookieOutliveTheNode() throws Exception {
        Builds.Build build = builds.run("""
                node {
                    sh '#!/bin/sh\\nmkfifo up; JENKINS_NODE_COOKIE=mine sh -c "echo \\\\$\\\\$ > up; exec sleep 1000" & cat up > pid'
                    env.PID = readFile('pid').trim()
                }
                echo "after $PID"
                """);
        long pid = Long.parseLong(build.said().get(0).substring("after ".length()));
        assertTrue(isRunning(pid));
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        process.onExit().get();
    }

    private static boolean isRunning(long pid) {
        return ProcessHandle.of(pid).map(ProcessTrees::isRunning).orElse(false);
    }

    @Test
    public void environmentIsThatOfJenkins() {
        Builds.Build build = builds.run(
                """
                node {
                    sh '''#!/bin/sh
                        echo $BUILD_NUMBER $BUILD_ID $JOB_NAME $BUILD_TAG $NODE_NAME $EXECUTOR_NUMBER $size
                        test "$WORKSPACE" = "$PWD" && test "$WORKSPACE_TMP" = "$PWD@tmp" && test -d "$JENKINS_HOME" &&
                            test -f "$JENKINSFILE_DIR/test.Jenkinsfile" && test -n "$JENKINS_NODE_COOKIE" && echo ok'''
                    stage('S') { sh '#!/bin/sh\\necho $STAGE_NAME' }
                }""",
                Map.of("size", "12"));
        assertEquals(List.of("1 1 test jenkins-test-1 built-in 0 12", "ok", "S"), build.said());
    }

    @Test
    public void withEnvNestsAndExpands() {
        Builds.Build build = builds.run("""
                env.GLOBAL = 'g'
                node {
                    withEnv(['A=1', 'PATH+X=/opt/x']) {
                        withEnv(["B=${A}2", 'C=$B-$GLOBAL', 'GLOBAL=local']) {
                            sh '#!/bin/sh\\necho $A $B $C $GLOBAL; echo $PATH | cut -d: -f1'
                            echo "$A ${env.B} ${env['GLOBAL']}"
                        }
                    }
                    echo "${env.A} ${env.GLOBAL}"
                }""");
        assertEquals(List.of("1 12 12-g local", "/opt/x", "1 12 local", "null g"), build.said());
    }

    @Test
    public void filesAreRelativeToDir() throws Exception {
        Builds.Build build = builds.run("""
                node {
                    dir('sub/deep') {
                        echo "${fileExists('f.txt')}"
                        writeFile file: 'f.txt', text: 'grüß\\n'
                        echo readFile('f.txt').trim()
                        echo pwd() - env.WORKSPACE
                        echo pwd(tmp: true) - env.WORKSPACE
                        echo readFile(file: 'f.txt', encoding: 'Base64')
                    }
                    echo "${fileExists 'sub/deep/f.txt'} ${isUnix()}"
                    dir('sub') { deleteDir() }
                    echo "${fileExists 'sub'}"
                }""");
        assertEquals(
                List.of(
                        "Running in " + builds.workspace().resolve("sub/deep"),
                        "false",
                        "grüß",
                        "/sub/deep",
                        "/sub/deep@tmp",
                        "Z3LDvMOfCg==",
                        "true true",
                        "Running in " + builds.workspace().resolve("sub"),
                        "false"),
                build.said());
    }

    @Test
    public void readFileOfNoFileIsOneLine() {
        Builds.Build build = builds.run("node { readFile 'none' }");
        assertEquals(
                List.of("ERROR: readFile: no such file: " + builds.workspace().resolve("none")), build.said());
    }

    @Test
    public void errorEndsTheBuildWithOneLine() {
        Builds.Build build = builds.run("error 'that is wrong'; echo 'never'");
        assertEquals(Result.FAILURE, build.end());
        assertEquals(List.of("ERROR: that is wrong"), build.said());
    }

    @Test
    public void unstableGoesOn() {
        Builds.Build build = builds.run("unstable 'hmm'; echo currentBuild.currentResult");
        assertEquals(Result.UNSTABLE, build.end());
        assertEquals(List.of("WARNING: hmm", "UNSTABLE"), build.said());
    }

    @Test
    public void catchErrorGoesOn() {
        Builds.Build build = builds.run("""
                catchError { error 'one' }
                echo currentBuild.result
                catchError(message: 'said', buildResult: 'SUCCESS', stageResult: 'UNSTABLE') { error 'two' }
                """);
        assertEquals(Result.FAILURE, build.end());
        assertEquals(List.of("ERROR: one", "FAILURE", "said", "ERROR: two"), build.said());
    }

    @Test
    public void catchErrorCanLeaveTheBuildAlone() {
        Builds.Build build = builds.run("catchError(buildResult: null) { error 'one' }");
        assertEquals(Result.SUCCESS, build.end());
    }

    @Test
    public void warnErrorMakesTheBuildUnstable() {
        Builds.Build build = builds.run("warnError('careful') { error 'no' }");
        assertEquals(Result.UNSTABLE, build.end());
        assertEquals(List.of("careful", "ERROR: no"), build.said());
    }

    @Test
    public void retryRunsTheBodyAgain() {
        Builds.Build build = builds.run("""
                int n = 0
                def value = retry(3) { n++; if (n < 3) { error "try $n" }; "value $n" }
                echo value
                retry(2) { error 'always' }
                """);
        assertEquals(Result.FAILURE, build.end());
        assertEquals(
                List.of("ERROR: try 1", "Retrying", "ERROR: try 2", "Retrying", "value 3",
                        "ERROR: always", "Retrying", "ERROR: always"),
                build.said());
    }

    @Test
    public void timeoutAbortsWhatTakesTooLong() {
        Builds.Build build = builds.run("timeout(time: 1, unit: 'SECONDS') { sleep 1000 }");
        assertEquals(Result.ABORTED, build.end());
        assertEquals(
                List.of("Timeout set to expire in 1.0 sec", "Sleeping for 16 min 40 sec",
                        "Cancelling nested steps due to timeout", "Timeout has been exceeded"),
                build.said());
    }

    @Test
    public void timeoutLeavesAloneWhatEndsInTime() {
        assertEquals(Result.SUCCESS, builds.run("timeout(1) { echo 'quick' }").end());
    }

    @Test
    public void timeoutEndsTheWholeProcessTree() {
        Builds.Build build = builds.run("""
                node {
                    writeFile file: 'pids', text: ''
                    try {
                        timeout(time: 2, unit: 'SECONDS') {
                            sh '#!/bin/sh\\n(sleep 1000 & echo $! >> pids; wait) & (trap "" TERM; sleep 1000 & echo $! >> pids; wait) & wait'
                        }
                    } finally {
                        env.PIDS = readFile('pids').trim().split().join(',')
                    }
                }""");
        assertEquals(Result.ABORTED, build.end());
        assertTrue(build.said().contains("Sending interrupt signal to process"));
        String pids = build.run().globalEnvironment().get("PIDS");
        assertEquals(2, pids.split(",").length);
        for (String pid : pids.split(",")) {
            assertFalse(isRunning(Long.parseLong(pid)));
        }
    }

    @Test
    public void currentBuildTellsAndTakes() {
        Builds.Build build = builds.run("""
                echo "${currentBuild.number} ${currentBuild.result} ${currentBuild.currentResult}"
                currentBuild.displayName = "release ${currentBuild.number}"
                currentBuild.description = 'text'
                currentBuild.result = 'UNSTABLE'
                currentBuild.result = 'SUCCESS'
                echo currentBuild.result
                """);
        assertEquals(Result.UNSTABLE, build.end());
        assertEquals(List.of("1 null SUCCESS", "UNSTABLE"), build.said());
        assertEquals("release 1", build.run().getDisplayName());
        assertEquals("text", build.run().getDescription());
    }

    @Test
    public void parametersAreStrings() {
        Builds.Build build = builds.run(
                "echo \"${params.compare == 'true'} ${params.compare.toBoolean()} ${params.none} ${compare} ${env.compare}\"",
                Map.of("compare", "true"));
        assertEquals(List.of("true true null true true"), build.said());
    }

    @Test
    public void nodesAtTheSameTimeHaveWorkspacesOfTheirOwn() {
        Builds.Build build = builds.run("""
                node {
                    def first = pwd()
                    node('other') { echo pwd() - first }
                    node { echo pwd() - first }
                }""");
        assertEquals(List.of("@2", "@2"), build.said());
    }

    @Test
    public void resultsCombineToTheWorst() {
        Builds.Build build = builds.run("unstable 'one'; catchError(buildResult: 'SUCCESS') { error 'two' }");
        assertEquals(Result.UNSTABLE, build.end());
    }
}
