package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import hudson.EnvVars;
import hudson.Launcher;
import hudson.LauncherDecorator;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.Slave;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.LoggerRule;
import org.jvnet.hudson.test.TestExtension;

/** {@code cpuPool} where the launcher of the agent is decorated: every process has to go through the decoration. */
public class DecoratedLauncherTest {

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private static int tests;

    private final String agent = "remote" + ++tests;

    /** Starts everything on the agent by another program, which leaves its mark in the environment. */
    @TestExtension
    public static final class Wrapper extends LauncherDecorator {

        static volatile String program = "env";

        @Override
        public Launcher decorate(Launcher launcher, Node node) {
            return node.getNodeName().isEmpty() ? launcher : launcher.decorateByPrefix(program, "WRAPPED=yes");
        }
    }

    @Before
    public void startAgent() throws Exception {
        jenkins.agent(agent);
    }

    private WorkflowJob job(String body) throws Exception {
        return jenkins.job("node('" + agent + "') {\n" + body + "\n}");
    }

    private WorkflowRun run(Result expected, String body) throws Exception {
        return jenkins.buildAndAssertStatus(expected, job(body));
    }

    private Path workspace(WorkflowJob job) {
        return jenkins.workspace(agent, job);
    }

    @Test
    public void everyCommandGoesThroughTheLauncher() throws Exception {
        WorkflowJob job = job("withEnv(['GREETING=hello $HOME `x`', 'PATH+X=/opt/x/bin']) { dir('sub') {\n"
                + "def r = cpuPool workers: 2, onFailure: 'ignore', tasks: [\n"
                + "  ok: 'echo \"$WRAPPED: $GREETING $$ ü\" | sed \"s/[0-9][0-9]*/PID/\"; basename \"$(pwd)\"; echo \"${PATH%%:*}\"',\n"
                + "  bad: 'false\\necho unreached', worse: 'echo no >&2; exit 3', long: 'echo " + "x".repeat(9000)
                + "END', background: 'sleep 1000 >/dev/null 2>&1 &']\n"
                + "echo \"ok <${r['ok'].value.replace('\\n', '|')}> ${r['ok'].exitCode}\"\n"
                + "echo \"bad ${r['bad'].error.type} ${r['bad'].exitCode} <${r['bad'].stdout}>\"\n"
                + "echo \"worse ${r['worse'].error.message}\"\n"
                + "echo \"long ${r['long'].truncated} ${r['long'].stdout.length()} ${r['long'].stdout.endsWith('END\\n')}\"\n"
                + "echo \"workers ${r.collect { it.worker }.every { it in [1, 2] }}\"\n"
                + "def t = cpuPool inputs: ['a b/it\\'s.txt', '$(boom)'], command: 'echo $WRAPPED {/.}'\n"
                + "echo \"template ${t.values()}\"\n"
                + "def s = cpuPool shell: 'env ANSWER=7 /bin/sh', tasks: ['#!/usr/bin/awk -f\\nBEGIN { print ENVIRON[\"WRAPPED\"] }',\n"
                + "    'echo $WRAPPED $ANSWER']\n"
                + "echo \"first line <${s[0].value}>, shell <${s[1].value}>\"\n"
                + "}}");
        WorkflowRun run = jenkins.buildAndAssertSuccess(job);
        jenkins.assertLogContains("ok <yes: hello $HOME `x` PID ü|sub|/opt/x/bin> 0", run);
        jenkins.assertLogContains("bad exit 1 <>", run);
        jenkins.assertLogContains("worse exit code 3: no", run);
        jenkins.assertLogContains("long false 9004 true", run);
        jenkins.assertLogContains("first line <yes>, shell <yes 7>", run);
        jenkins.assertLogContains("workers true", run);
        jenkins.assertLogContains("template [yes it's, yes $(boom)]", run);
        jenkins.assertLogContains("cpuPool: 5 branches in", run);
        String runId = BuildRecord.of(run).awaitRunId();
        assertEquals("nothing is left running", List.of(), PoolEnvironment.runCookie(runId).processes());
        try (Stream<Path> files = Files.walk(workspace(job).getParent())) {
            List<Path> left = files.filter(file -> file.getFileName().toString().equals(runId)).toList();
            assertEquals("run directories are removed", List.of(), left);
        }
    }

    @Test
    public void aTimeoutEndsTheTreeAndRetriesBeginAnew() throws Exception {
        WorkflowRun run = run(
                Result.SUCCESS,
                "def r = cpuPool timeout: 4, retries: 1, retryDelay: 0, onFailure: 'ignore', tasks: [\n"
                        + "  hang: 'trap \"\" TERM; (sleep 1000 &); while :; do sleep 1; done',\n"
                        + "  second: 'test -e tried || { touch tried; exit 1; }']\n"
                        + "echo \"hang ${r['hang'].error.type} ${r['hang'].attempts}, second ${r['second'].ok} ${r['second'].attempts}\"");
        jenkins.assertLogContains("hang timeout 2, second true 2", run);
        assertEquals(List.of(), PoolEnvironment.runCookie(BuildRecord.of(run).awaitRunId()).processes());
    }

    @Test
    public void whatATimeoutEndedIsNoSuccessWhateverItsExitCode() throws Exception {
        WorkflowRun run = run(
                Result.SUCCESS,
                "def r = cpuPool timeout: 4, onFailure: 'ignore', tasks: [polite: 'trap \"exit 0\" TERM; sleep 1000 & wait']\n"
                        + "echo \"polite ${r['polite'].ok} ${r['polite'].error?.type}\"");
        jenkins.assertLogContains("polite false timeout", run);
    }

    @Test
    public void stoppingTheBuildEndsEveryProcess() throws Exception {
        WorkflowJob job = job("cpuPool workers: 2, tasks: [a: 'touch a; sleep 1000 & sleep 1000', b: 'touch b; sleep 1000', c: 'touch c']");
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        Await.file(workspace(job).resolve("a"));
        Await.file(workspace(job).resolve("b"));
        assertFalse(PoolEnvironment.runCookie(BuildRecord.of(run).awaitRunId()).processes().isEmpty());
        run.doStop();
        jenkins.assertEnd(Result.ABORTED, run);
        jenkins.assertLogContains("3 cancelled", run);
        assertEquals(List.of(), PoolEnvironment.runCookie(BuildRecord.of(run).awaitRunId()).processes());
        assertFalse("never begun", Files.exists(workspace(job).resolve("c")));
    }

    @Test
    public void failFastEndsTheOthers() throws Exception {
        WorkflowRun run = run(
                Result.UNSTABLE,
                "cpuPool failFast: true, workers: 2, tasks: [a: 'sleep 1000', b: 'exit 1', c: 'true']");
        jenkins.assertLogContains("1 failed, 2 cancelled", run);
    }

    @Test
    public void limitsAndOutputsWorkThroughTheLauncher() throws Exception {
        WorkflowRun run = run(
                Result.SUCCESS,
                "def base = cpuPool(tasks: ['nice']).values()[0] as int\n"
                        + "def r = cpuPool workers: 2, nice: 3, memory: 300, follow: true, keepOutput: true, maxTasksPerWorker: 1, tasks: [\n"
                        + "  nice: 'nice', memory: 'ulimit -d', lines: 'echo one; echo two >&2', long: 'yes | head -c 3000000']\n"
                        + "echo \"nice ${(r['nice'].value as int) - base} memory ${r['memory'].value}\"\n"
                        + "def big = cpuPool maxOutput: 1, onFailure: 'ignore', tasks: ['yes | head -c 2000000; sleep 1000']\n"
                        + "def all = cpuPool maxOutput: 1, keepOutput: true, onFailure: 'ignore', tasks: ['yes | head -c 3000000']\n"
                        + "echo \"big ${big[0].error.type} ${all[0].error.type}\"");
        jenkins.assertLogContains("nice 3 memory 307200", run);
        jenkins.assertLogContains("[lines] one", run);
        jenkins.assertLogContains("[lines] two", run);
        jenkins.assertLogContains("big too-large too-large", run);
        Map<String, Long> kept = run.getArtifacts().stream()
                .collect(Collectors.toMap(artifact -> artifact.relativePath, artifact -> artifact.getFileSize()));
        assertTrue(kept.toString(), kept.keySet().stream().anyMatch(path -> path.endsWith("/3-lines.stderr.txt")));
        assertTrue(kept.toString(), kept.containsValue(3_000_000L));
    }

    @Test
    public void outputsOfFunctionsAndWorkersAreShownAndKept() throws Exception {
        PipelineRule.addSecretText("token", "pa$$wd-4711");
        WorkflowJob job = job("withCredentials([string(credentialsId: 'token', variable: 'TOKEN')]) {\n"
                + "def r = cpuPool workers: 1, follow: true, keepOutput: true, maxOutput: 1, retries: 1, retryDelay: 0,\n"
                + "  inputs: [1, 2, 3], onFailure: 'ignore', groovy: '''println \"line $input ${System.getenv('TOKEN')}\"\n"
                + "def again = new File('tried')\n"
                + "if (input == 1) { while (!new File('go').exists()) sleep 50 }\n"
                + "if (input == 2 && again.createNewFile()) { println 'of the first attempt'; System.exit(9) }\n"
                + "if (input == 3) print 'x' * 3000000\n"
                + "input'''\n"
                + "echo \"functions ${r.values()} ${r.collect { it.attempts }}\"\n"
                + "def w = cpuPool workers: 1, follow: true, keepOutput: true, inputs: ['a', 'wait'], shell: '/bin/sh',\n"
                + "  worker: 'while read -r l; do case $l in *wait*) touch second; while test -e second && ! test -e on; do sleep 0.1; done ;; esac; printf \"{\\\\\"output\\\\\": \\\\\"said %s\\\\\", \\\\\"value\\\\\": 1}\" \"$TOKEN\"; done'\n"
                + "echo \"worker ${w.values()} ${w[0].stdoutFile}\" }");
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("[1] line 1 ****", run);
        Files.createFile(workspace(job).resolve("go")); // it was shown while the function ran
        Await.file(workspace(job).resolve("second"));
        assertEquals("no secrets are left after an answer", List.of(), rawOutputs(run));
        Files.createFile(workspace(job).resolve("on"));
        jenkins.assertEnd(Result.SUCCESS, run);
        jenkins.assertLogContains("functions [1, 2, 3] [1, 2, 1]", run);
        jenkins.assertLogContains("[2] of the first attempt", run);
        jenkins.assertLogContains("[a] said ****", run);
        jenkins.assertLogContains("worker [1, 1] concurrency/", run);
        Map<String, Long> kept = run.getArtifacts().stream()
                .collect(Collectors.toMap(artifact -> artifact.getFileName(), artifact -> artifact.getFileSize()));
        assertEquals("of the last attempt", Long.valueOf("line 2 ****\n".length()), kept.get("2-2.stdout.txt"));
        assertTrue(kept.toString(), kept.get("3-3.stdout.txt") > 1_000_000);
        assertNothingIsLeft(run);
    }

    /** The outputs on the controller in which nothing is masked. */
    private static List<Path> rawOutputs(WorkflowRun run) throws Exception {
        try (Stream<Path> files = Files.walk(run.getRootDir().toPath().resolve("concurrency"))) {
            return files.filter(file -> file.getParent().endsWith("output")).toList();
        }
    }

    @Test
    public void ifItsShellDiesOnlyTheTaskFails() throws Exception {
        WorkflowRun run = run(
                Result.SUCCESS,
                "def r = cpuPool workers: 1, follow: true, onFailure: 'ignore',\n"
                        + "  tasks: ['echo one; sleep 2; kill -9 $PPID; sleep 1000', 'echo $WRAPPED']\n"
                        + "echo \"first ${r[0].error.type}, second ${r[1].value}\"");
        jenkins.assertLogContains("first crash, second yes", run);
        assertNothingIsLeft(run);
    }

    @Test
    public void anOutputThatCanNotBeReadConcernsOnlyItsTask() throws Exception {
        assumeTrue("needs /proc", Files.isReadable(Path.of("/proc/self/fd")));
        String bad = "out=$(readlink /proc/$$/fd/1); rm \"$out\"; mkdir \"$out\"; ";
        WorkflowRun run = run(
                Result.SUCCESS,
                "def r = cpuPool workers: 1, onFailure: 'ignore', tasks: [first: 'echo $PPID', bad: '" + bad + "', last: 'echo $PPID']\n"
                        + "echo \"it is ${r['bad'].error.type}, the shell stays: ${r['first'].value == r['last'].value}\"\n"
                        + "def looked = cpuPool workers: 2, follow: true, maxOutput: 1, onFailure: 'ignore', tasks: [\n"
                        + "  bad: '" + bad + "touch bad; while ! test -e after; do sleep 0.1; done',\n"
                        + "  loud: 'while ! test -e bad; do sleep 0.1; done; yes | head -c 2000000; sleep 1000', after: 'touch after']\n"
                        + "echo \"types ${looked*.error*.type}\"");
        jenkins.assertLogContains("it is crash, the shell stays: true", run);
        jenkins.assertLogContains("types [crash, too-large]", run);
        assertNothingIsLeft(run);
    }

    /** Neither processes nor copies of outputs, in which secrets are not masked. */
    private static void assertNothingIsLeft(WorkflowRun run) throws Exception {
        String runId = BuildRecord.of(run).awaitRunId();
        assertEquals(List.of(), PoolEnvironment.runCookie(runId).processes());
        assertFalse(Files.exists(run.getRootDir().toPath().resolve("concurrency").resolve(runId).resolve("output")));
    }

    @Test
    public void oneStartThatFailsIsNoReasonToFail() throws Exception {
        Path program = folder.getRoot().toPath().resolve("env");
        Path failed = folder.getRoot().toPath().resolve("failed");
        Files.writeString(program, "#!/bin/sh\nmkdir '" + failed + "' 2>/dev/null && exit 1\nexec env \"$@\"\n");
        assertTrue(program.toFile().setExecutable(true));
        Wrapper.program = program.toString();
        try {
            WorkflowRun run = run(Result.SUCCESS, "echo \"it is ${cpuPool(tasks: ['echo $WRAPPED'])[0].value}\"");
            jenkins.assertLogContains("it is yes", run);
            jenkins.assertLogNotContains("which is slow", run);
        } finally {
            Wrapper.program = "env";
        }
        assertTrue("the first start failed", Files.exists(failed));
    }

    @Test
    public void withoutShellsAProcessThatDiesIsNoEndOfTheCommand() throws Exception {
        WorkflowRun run = run(
                Result.SUCCESS,
                "withEnv(['PATH=/nowhere']) {\n"
                        + "def r = cpuPool follow: true, onFailure: 'ignore', tasks: ['echo one; kill -9 $PPID; while :; do :; done']\n"
                        + "echo \"it is ${r[0].error.type}: ${r[0].error.message}\" }");
        jenkins.assertLogContains(
                "it is crash: the launcher's process ended with exit code 137 before the command", run);
        assertNothingIsLeft(run);
    }

    @Test
    public void withoutSetsidTheLauncherStartsEachTaskAndTheLogSaysSo() throws Exception {
        WorkflowRun run = run(
                Result.SUCCESS,
                "withEnv(['PATH=/nowhere']) {\n"
                        + "def r = cpuPool timeout: 5, follow: true, keepOutput: true, onFailure: 'ignore',\n"
                        + "  tasks: [ok: 'echo fine', bad: 'exit 4', hang: 'kill -STOP $$']\n"
                        + "echo \"ended ${r['ok'].value} ${r['bad'].exitCode} ${r['hang'].error.type} ${r['ok'].stdoutFile != null}\" }");
        jenkins.assertLogContains("the launcher starts each command by itself, which is slow: there is no program 'setsid'", run);
        jenkins.assertLogContains("ended fine 4 timeout true", run);
        jenkins.assertLogContains("[ok] fine", run);
    }

    @Test
    public void withoutShellsACommandThatWritesTooMuchIsEnded() throws Exception {
        String command = "while :; do echo " + "x".repeat(1000) + "; done";
        WorkflowRun run = run(
                Result.SUCCESS,
                "withEnv(['PATH=/nowhere']) { for (keep in [false, true]) {\n"
                        + "def r = cpuPool maxOutput: 1, keepOutput: keep, onFailure: 'ignore', tasks: ['" + command + "']\n"
                        + "echo \"keep ${keep}: ${r[0].error.type}\" } }");
        jenkins.assertLogContains("keep false: too-large", run);
        jenkins.assertLogContains("keep true: too-large", run);
    }

    @Test
    public void secretsAreHidden() throws Exception {
        PipelineRule.addSecretText("token", "pa$$wd-4711");
        WorkflowRun run = run(
                Result.UNSTABLE,
                "withCredentials([string(credentialsId: 'token', variable: 'TOKEN')]) {\n"
                        + "def r = cpuPool tasks: ['echo \"<$TOKEN>\"; printf %s \"$TOKEN\" | wc -c', 'echo \"$TOKEN\" >&2; exit 1']\n"
                        + "echo \"out ${r[0].stdout.replace('\\n', '|')} ${r[1].error.message}\"\n}");
        jenkins.assertLogContains("out <****>|11|", run);
        jenkins.assertLogContains("exit code 1: ****", run);
        Path journal = run.getRootDir().toPath().resolve("concurrency").resolve(BuildRecord.of(run).awaitRunId()).resolve("journal.ndjson");
        assertFalse(Files.readString(journal).contains("4711"));
    }

    @Test
    public void functionsRunInWorkersThatTheLauncherStarts() throws Exception {
        WorkflowRun run = run(
                Result.SUCCESS,
                "dir('sub') { def r = cpuPool workers: 2, timeout: 60, onFailure: 'ignore', inputs: [1, 2, 3, 4, 5, 'ü$x'], groovy: '''\n"
                        + "if (input == 3) throw new Exception('three')\n"
                        + "if (input == 4) System.exit(9)\n"
                        + "println \"got $input\"\n"
                        + "[input, System.getenv('WRAPPED'), new File('.').canonicalFile.name]'''\n"
                        + "echo \"values ${r.values()}\"\n"
                        + "echo \"errors ${r[2].error.message}; ${r[3].error.type} ${r[3].error.message}\"\n"
                        + "echo \"printed ${r[0].stdout.trim()}\" }");
        jenkins.assertLogContains("values [[1, yes, sub], [2, yes, sub], null, null, [5, yes, sub], [ü$x, yes, sub]]", run);
        jenkins.assertLogContains("errors java.lang.Exception: three (line 1); crash", run);
        jenkins.assertLogContains("exit code 9", run);
        jenkins.assertLogContains("printed got 1", run);
        assertEquals(List.of(), PoolEnvironment.runCookie(BuildRecord.of(run).awaitRunId()).processes());
    }

    @Test
    public void persistentWorkersAreStartedByTheLauncher() throws Exception {
        WorkflowJob job = job("def r = cpuPool workers: 1, timeout: 120, onFailure: 'ignore', worker: 'sh worker.sh',"
                + " inputs: ['a', 'b', 'crash', 'c', 'rubbish', 'd', 'x' * 70000]\n"
                + "echo \"values ${r.values()}\"\n"
                + "echo \"errors ${r[2].error.type} ${r[2].error.message}; ${r[4].error.type}\"");
        Files.writeString(
                Files.createDirectories(workspace(job)).resolve("worker.sh"),
                """
                n=0
                while IFS= read -r line; do
                    n=$((n + 1)); id=${line#*requestId\\":}; id=${id%%,*}; path=${line#*path\\":\\"}
                    case $line in
                        *crash*) echo bad >&2; exit 7 ;;
                        *rubbish*) echo rubbish ;;
                        *path*) printf '{"requestId":%s,"value":%s}\\n' $id $(wc -c < "${path%%\\"*}") ;;
                        *) printf '{"requestId":%s,"value":[%s,"%s"]}\\n' $id $n $WRAPPED ;;
                    esac
                done
                """);
        WorkflowRun run = jenkins.buildAndAssertSuccess(job);
        jenkins.assertLogContains("values [[1, yes], [2, yes], null, [1, yes], null, [1, yes], 70000]", run);
        jenkins.assertLogContains(
                "errors crash the worker process ended with exit code 7 during the call: bad; protocol", run);
        assertEquals(List.of(), PoolEnvironment.runCookie(BuildRecord.of(run).awaitRunId()).processes());
    }

    @Test
    public void aFunctionThatHangsIsEndedAndTheNextGetsAnotherWorker() throws Exception {
        WorkflowRun run = run(
                Result.SUCCESS,
                "def r = cpuPool workers: 1, timeout: 20, onFailure: 'ignore', inputs: [1, 2], groovy: 'while (input == 1) {}; input'\n"
                        + "echo \"ended ${r[0].error.type} ${r[1].value}\"");
        jenkins.assertLogContains("ended timeout 2", run);
    }

    @Test
    public void withoutJavaInThereFunctionsFailInOneLine() throws Exception {
        LoggerRule log = new LoggerRule().recordPackage(RunStepExecution.class, Level.WARNING).capture(10);
        WorkflowRun run = run(
                Result.FAILURE, "withEnv(['PATH=/nowhere']) { cpuPool inputs: [1, 2], groovy: 'input' }");
        jenkins.assertLogContains(
                "cpuPool: functions need Java 17 or later on the PATH of the enclosing container or launcher; ", run);
        jenkins.assertLogNotContains("\tat io.jenkins.plugins.concurrency", run);
        assertEquals("it is for the build's log alone", List.of(), log.getMessages());
    }

    /** Four tasks, one after the other; the second does not end while there is no file {@code go}. */
    private static String tasks(int retries) {
        return "def r = cpuPool workers: 1, retryDelay: 0, onFailure: 'ignore', retries: " + retries
                + ", inputs: ['one', 'two', 'three', 'four'],"
                + " command: 'echo {} >> begun; test {} != two || while ! test -e go; do sleep 0.1; done; echo {} >> done'\n"
                + "echo \"ended ${r.succeeded} ${r.collect { it.error?.type }}\"";
    }

    private WorkflowRun acrossALostConnection(int retries) throws Exception {
        WorkflowJob job = job(tasks(retries));
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        Await.lines(workspace(job).resolve("begun"), 2);
        Computer computer = jenkins.jenkins.getComputer(agent);
        computer.disconnect(null).get();
        jenkins.waitForMessage("lost its connection; the step continues", run);
        jenkins.waitOnline((Slave) jenkins.jenkins.getNode(agent));
        Await.lines(workspace(job).resolve("begun"), 3);
        Files.createFile(workspace(job).resolve("go"));
        return jenkins.assertEnd(Result.SUCCESS, run);
    }

    @Test
    public void anAgentThatComesBackIsGoneOnWith() throws Exception {
        WorkflowRun run = acrossALostConnection(0);
        jenkins.assertLogContains("ended 3 [null, lost, null, null]", run);
        assertEquals(
                List.of("one", "three", "four"), Files.readAllLines(workspace(run.getParent()).resolve("done")));
        assertEquals(List.of(), PoolEnvironment.runCookie(BuildRecord.of(run).awaitRunId()).processes());
    }

    @Test
    public void whatWasUnderWayWhenTheConnectionBrokeIsDoneAgainIfRetriesAllowIt() throws Exception {
        WorkflowRun run = acrossALostConnection(1);
        jenkins.assertLogContains("ended 4 [null, null, null, null]", run);
        assertEquals(
                List.of("one", "two", "three", "four"),
                Files.readAllLines(workspace(run.getParent()).resolve("done")));
    }

    @Test
    public void anAgentThatIsRemovedEndsTheStepInOneLine() throws Exception {
        WorkflowJob job = job("def r\ntry { cpuPool workers: 1, retries: 3, keepOutput: true, tasks: [said: 'echo kept', a: 'touch a; sleep 1000', b: 'touch b'] }\n"
                + "catch (e) { r = e.results; throw e } finally { echo \"left ${r.collect { it.error?.type }}\" }");
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        Await.file(workspace(job).resolve("a"));
        String runId = BuildRecord.of(run).awaitRunId();
        jenkins.stopAgent(agent);
        jenkins.jenkins.removeNode(jenkins.jenkins.getNode(agent));
        jenkins.waitForMessage("left [null, lost, lost]", run);
        jenkins.waitForCompletion(run);
        jenkins.assertLogContains("cpuPool: agent '" + agent + "' was removed", run);
        assertEquals(List.of("1-said.stdout.txt"), run.getArtifacts().stream().map(Run.Artifact::getFileName).toList());
        PoolEnvironment.runCookie(runId).processes().forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    public void aFetchGoesOnBesideTheAgent() throws Exception {
        try (HttpTestServer server = new HttpTestServer((request, to) -> to.respond(204))) {
            WorkflowRun run = run(
                    Result.SUCCESS,
                    "echo \"status ${parallelFetch(urls: ['" + server.url("/") + "'])[0].status}\"");
            jenkins.assertLogContains("status 204", run);
        }
    }

    @Test
    public void whatIsFetchedIsNotProcessedInTheWrongPlace() throws Exception {
        WorkflowRun run = run(
                Result.FAILURE, "parallelFetch urls: ['http://127.0.0.1:1/'], process: [command: 'true']");
        jenkins.assertLogContains(
                "parallelFetch: process: can't be used in a container or under another decorated launcher", run);
    }

    @Test
    public void noThreadWaitsForABranchThatHasNotBegun() throws Exception {
        WorkflowJob job = job("cpuPool workers: 3, onFailure: 'ignore', tasks: (1..500).collect {"
                + " 'echo x >> begun; while ! test -e go; do sleep 0.1; done' }");
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        Path begun = workspace(job).resolve("begun");
        Await.lines(begun, 3);
        long ours = Thread.getAllStackTraces().values().stream()
                .filter(stack -> Stream.of(stack)
                        .anyMatch(frame -> frame.getClassName().endsWith("LauncherScript")))
                .count();
        assertEquals("a thread for each task under way", 3, ours);
        assertEquals(3, Files.readAllLines(begun).size());
        run.doStop();
        jenkins.assertEnd(Result.ABORTED, run);
        assertTrue(JenkinsRule.getLog(run).contains("500 cancelled"));
    }

    @Test
    public void environmentsOfLaunchersAreNotReadAsVariables() throws Exception {
        EnvVars odd = new EnvVars();
        odd.put("A", "$B ${B} $$ %B%");
        WorkflowRun run = run(
                Result.SUCCESS,
                "withEnv(['A=" + odd.get("A") + "', 'B=wrong']) { echo \"is ${cpuPool(tasks: ['echo \"$A\"'])[0].value}\" }");
        jenkins.assertLogContains("is $B ${B} $$ %B%", run);
    }

    @Test
    public void pathsAreNotReadAsVariables() throws Exception {
        WorkflowRun run = run(
                Result.SUCCESS,
                "ws(pwd() + '/a$HOME') { echo \"in ${cpuPool(tasks: ['basename \"$(pwd)\"'])[0].value}\"\n"
                        + "def r = cpuPool workers: 1, inputs: [1], groovy: 'new File(\".\").canonicalFile.name + input'\n"
                        + "echo \"then ${r.values()}\" }");
        jenkins.assertLogContains("in a$HOME", run);
        jenkins.assertLogContains("then [a$HOME1]", run);
        jenkins.assertLogNotContains("which is slow", run);
    }
}
