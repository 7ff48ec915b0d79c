package io.jenkins.plugins.concurrency.others;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import hudson.model.Result;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jenkinsci.plugins.docker.commons.tools.DockerTool;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.JenkinsRule;

/** Pools in real containers, which docker-workflow starts. Skipped where there is no {@code docker}. */
public class ContainersTest {

    private static final TemporaryFolder folder = new TemporaryFolder();
    private static final PipelineRule jenkins = new PipelineRule().keepingAgents();

    private static final TestRule assumeDocker = (base, description) -> new org.junit.runners.model.Statement() {
        @Override
        public void evaluate() throws Throwable {
            TestImage.WHOLE.assumeMade(folder.newFolder().toPath());
            base.evaluate();
        }
    };

    @ClassRule
    public static final TestRule rules = RuleChain.outerRule(folder).around(assumeDocker).around(jenkins);

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    @BeforeClass
    public static void startAgent() throws Exception {
        jenkins.agent("docker");
    }

    private String image;

    @Before
    public void chooseImage() throws Exception {
        image = TestImage.WHOLE.assumeMade(folder.newFolder().toPath());
    }

    private WorkflowJob job(String arguments, String body) throws Exception {
        return jenkins.job(script(image, "args: '" + arguments + "'", body));
    }

    static String script(String image, String settings, String body) {
        return "node('docker') { withDockerContainer(image: '" + image + "', " + settings + ") {\n" + body + "\n} }";
    }

    private WorkflowRun run(Result expected, String arguments, String body) throws Exception {
        return jenkins.buildAndAssertStatus(expected, job(arguments, body));
    }

    private Path workspace(WorkflowJob job) {
        return jenkins.workspace("docker", job);
    }

    private static void assertNothingRuns(WorkflowRun run) throws Exception {
        assertEquals(List.of(), PoolEnvironment.runCookie(BuildRecord.of(run).awaitRunId()).processes());
    }

    @Test
    public void commandsRunInThere() throws Exception {
        WorkflowRun run = run(
                Result.SUCCESS,
                "",
                "withEnv(['GREETING=hello $HOME `x`']) { dir('sub') {\n"
                        + "def r = cpuPool workers: 2, onFailure: 'ignore', retries: 1, retryDelay: 0, tasks: [\n"
                        + "  ok: 'echo \"$GREETING ü\"; basename \"$(pwd)\"; test -e /etc/os-release || echo bare', worse: 'echo no >&2; exit 3',\n"
                        + "  second: 'test -e tried || { touch tried; exit 1; }', long: 'yes | head -c 300000', kill: 'kill -9 $$',\n"
                        + "  interrupt: 'trap \"echo caught\" INT; kill -INT $$; echo more', group: 'kill -TERM 0']\n"
                        + "echo \"ok <${r['ok'].value.replace('\\n', '|')}> ${r['ok'].cpuMillis != null}\"\n"
                        + "echo \"worse ${r['worse'].error.message} ${r['worse'].attempts}, second ${r['second'].attempts}\"\n"
                        + "echo \"long ${r['long'].stdout.length()} kill ${r['kill'].exitCode} group ${r['group'].exitCode}\"\n"
                        + "echo \"interrupt ${r['interrupt'].value.replace('\\n', '|')}\"\n"
                        + "def t = cpuPool inputs: ['a b/it\\'s.txt', '$(boom)'], command: 'echo {/.}', shell: 'busybox sh'\n"
                        + "echo \"template ${t.values()}\"\n"
                        + "}}");
        jenkins.assertLogContains("ok <hello $HOME `x` ü|sub|bare> true", run);
        jenkins.assertLogContains("worse exit code 3: no 2, second 2", run);
        jenkins.assertLogContains("long 300000 kill 137 group 143", run);
        jenkins.assertLogContains("interrupt caught|more", run);
        jenkins.assertLogContains("template [it's, $(boom)]", run);
        jenkins.assertLogNotContains("which is slow", run);
        assertNothingRuns(run);
    }

    @Test
    public void limitsAndOutputsWorkInThere() throws Exception {
        WorkflowRun run = run(
                Result.SUCCESS,
                "",
                "def base = cpuPool(tasks: ['nice']).values()[0] as int\n"
                        + "def r = cpuPool workers: 2, nice: 3, memory: 200, follow: true, keepOutput: true, tasks: [\n"
                        + "  nice: 'nice', memory: 'ulimit -d', lines: 'echo one; echo two >&2']\n"
                        + "echo \"nice ${(r['nice'].value as int) - base} memory ${r['memory'].value}, ${r['lines'].stderrFile}\"\n"
                        + "def big = cpuPool maxOutput: 1, onFailure: 'ignore', tasks: ['yes | head -c 2000000; sleep 1000']\n"
                        + "echo \"big ${big[0].error.type}\"");
        jenkins.assertLogContains("nice 3 memory 204800, concurrency/", run);
        jenkins.assertLogContains("[lines] one", run);
        jenkins.assertLogContains("[lines] two", run);
        jenkins.assertLogContains("big too-large", run);
        List<String> kept = run.getArtifacts().stream().map(artifact -> artifact.getFileName()).toList();
        assertTrue(kept.toString(), kept.stream().anyMatch(name -> name.equals("3-lines.stderr.txt")));
    }

    @Test
    public void secretsAreHidden() throws Exception {
        PipelineRule.addSecretText("token", "pa$$wd-4711");
        WorkflowRun run = run(
                Result.UNSTABLE,
                "",
                "withCredentials([string(credentialsId: 'token', variable: 'TOKEN')]) {\n"
                        + "def r = cpuPool follow: true, tasks: ['echo \"<$TOKEN>\"; printf %s \"$TOKEN\" | wc -c', 'echo \"$TOKEN\" >&2; exit 1']\n"
                        + "echo \"out ${r[0].stdout.replace('\\n', '|')} ${r[1].error.message}\"\n}");
        jenkins.assertLogContains("out <****>|11|", run);
        jenkins.assertLogContains("exit code 1: ****", run);
        jenkins.assertLogNotContains("4711", run);
    }

    @Test
    public void aTimeoutEndsTheTree() throws Exception {
        WorkflowRun run = run(
                Result.SUCCESS,
                "",
                "def r = cpuPool timeout: 2, onFailure: 'ignore', tasks: [\n"
                        + "  hang: 'trap \"\" TERM; (sleep 1000 &); while :; do sleep 1; done', polite: 'trap \"exit 0\" TERM; sleep 1000 & wait']\n"
                        + "echo \"hang ${r['hang'].error.type}, polite ${r['polite'].error.type}\"\n"
                        + "echo \"left ${cpuPool(tasks: ['ps | grep -c \"[s]leep 1000\" || true']).values()[0]}\"");
        jenkins.assertLogContains("hang timeout, polite timeout", run);
        jenkins.assertLogContains("left 0", run);
        assertNothingRuns(run);
    }

    @Test
    public void stoppingTheBuildEndsEveryProcess() throws Exception {
        WorkflowJob job = job("", "cpuPool workers: 2, tasks: [a: 'touch a; sleep 1000 & sleep 1000', b: 'touch b; sleep 1000', c: 'touch c']");
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        Await.file(workspace(job).resolve("a"));
        Await.file(workspace(job).resolve("b"));
        run.doStop();
        jenkins.assertEnd(Result.ABORTED, run);
        jenkins.assertLogContains("3 cancelled", run);
        assertNothingRuns(run);
        assertFalse(Files.exists(workspace(job).resolve("c")));
    }

    @Test
    public void aClientThatDiesIsNoSuccessAndTheRestIsDone() throws Exception {
        WorkflowJob job = job(
                "",
                "def r = cpuPool workers: 1, onFailure: 'ignore', tasks: [a: 'touch begun; while ! test -e go; do sleep 1; done', b: 'echo done']\n"
                        + "echo \"a ${r['a'].error?.type}, b ${r['b'].value}\"");
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        Await.file(workspace(job).resolve("begun"));
        String runId = BuildRecord.of(run).awaitRunId();
        ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").matches("\\S*(docker|podman) .*exec .*" + runId + ".*"))
                .forEach(ProcessHandle::destroy);
        jenkins.assertEnd(Result.SUCCESS, run);
        jenkins.assertLogContains("a crash, b done", run);
        assertNothingRuns(run);
    }

    @Test
    public void workersAreStartedInThere() throws Exception {
        WorkflowRun run = run(
                Result.SUCCESS,
                "",
                "def r = cpuPool workers: 1, onFailure: 'ignore', inputs: ['a', 'crash', 'b'],\n"
                        + "  worker: 'while read -r l; do case $l in *crash*) exit 7 ;; esac; printf \"{\\\\\"value\\\\\": \\\\\"%s\\\\\"}\\\\n\" \"$(busybox | head -n 1 | cut -c 1-7)\"; done'\n"
                        + "echo \"values ${r.values()} ${r[1].error.type}\"");
        jenkins.assertLogContains("values [BusyBox, null, BusyBox] crash", run);
        assertNothingRuns(run);
    }

    @Test
    public void functionsNeedAJavaInThere() throws Exception {
        WorkflowRun run = run(Result.FAILURE, "", "cpuPool inputs: [1], groovy: 'input'");
        jenkins.assertLogContains("cpuPool: functions need Java 17 or later on the PATH of the enclosing container or launcher; ", run);
    }

    @Test
    public void aReadOnlyContainerAndAnotherUserAreNoHindrance() throws Exception {
        String body = "def r = cpuPool tasks: ['id -u', 'touch /x 2>/dev/null || echo readonly']\necho \"values ${r.values()}\"";
        WorkflowRun run = run(Result.SUCCESS, "--read-only -u 0:0", body);
        jenkins.assertLogContains("values [0, readonly]", run);
    }

    /** Docker lists processes by the machine's own {@code ps}. Podman may need the one of the image, which has none. */
    private void listProcessesAsDocker() throws Exception {
        Path docker = Files.createDirectory(folder.newFolder().toPath().resolve("bin")).resolve("docker");
        Files.writeString(
                docker,
                """
                #!/bin/sh
                if [ "$1" = top ]; then
                    docker "$@" 2>/dev/null || exec docker top "$2" pid comm
                else
                    exec docker "$@"
                fi
                """);
        assertTrue(docker.toFile().setExecutable(true));
        DockerTool tool = new DockerTool("listing", docker.getParent().getParent().toString(), List.of());
        jenkins.jenkins.getDescriptorByType(DockerTool.DescriptorImpl.class).setInstallations(tool);
    }

    @Test
    public void aPoorImageGetsOneProcessATaskAndALine() throws Exception {
        image = TestImage.POOR.assumeMade(folder.newFolder().toPath());
        listProcessesAsDocker();
        WorkflowRun run = jenkins.run(Result.FAILURE, script(
                image,
                "toolName: 'listing'",
                "def r = cpuPool timeout: 6, follow: true, onFailure: 'ignore', tasks: [ok: 'echo fine', bad: 'exit 4', hang: 'sleep 1000']\n"
                        + "echo \"ended ${r['ok'].value} ${r['bad'].exitCode} ${r['hang'].error.type}\"\n"
                        + "cpuPool nice: 3, tasks: ['true']"));
        jenkins.assertLogContains("the launcher starts each command by itself, which is slow: there is no program 'setsid'", run);
        jenkins.assertLogContains("ended fine 4 timeout", run);
        jenkins.assertLogContains("[ok] fine", run);
        jenkins.assertLogContains("cpuPool: 'nice' needs the program nice, which the container or launcher does not have", run);
        assertNothingRuns(run);
    }

    @Test
    public void whatCanNotBeWrittenOrFoundInThereIsOneLine() throws Exception {
        WorkflowJob job = job("", "");
        String workspace = workspace(job).toString();
        Path elsewhere = folder.newFolder().toPath();
        for (String mounted : List.of("/sub", "@tmp/concurrency")) {
            Files.createDirectories(Path.of(workspace + mounted));
        }
        String readOnly = Stream.of("/sub", "@tmp/concurrency")
                .map(mounted -> "-v " + workspace + mounted + ":" + workspace + mounted + ":ro ")
                .collect(Collectors.joining());
        String pools = "dir('sub') { def r = cpuPool tasks: [reads: 'pwd', writes: 'echo x > y'], onFailure: 'ignore'\n"
                + "echo \"ended ${r['reads'].ok} ${r['writes'].error.type}\" }\n"
                + "echo 'commands: ' + why { cpuPool retries: 3, tasks: ['echo begun > here'] }\n"
                + "echo 'workers: ' + why { cpuPool inputs: [1], worker: 'echo begun > here' }\n"
                + "dir('" + elsewhere + "') { echo 'elsewhere: ' + why { cpuPool tasks: ['true'] } }";
        WorkflowRun run = jenkins.run(
                Result.SUCCESS,
                job,
                "def why(work) { try { work(); 'nothing' } catch (e) { e.message } }\n"
                        + script(image, "args: '" + readOnly + "'", pools));
        jenkins.assertLogContains("ended true exit", run);
        String line = "the container or launcher must be able to write to the workspace's folders, also " + workspace + "@tmp/concurrency/";
        jenkins.assertLogContains("commands: cpuPool: " + line, run);
        jenkins.assertLogContains("workers: cpuPool: " + line, run);
        jenkins.assertLogContains("elsewhere: cpuPool: no shell can work in the container or launcher. It must have the workspace's folders where", run);
        assertFalse("nothing has run", Files.exists(Path.of(workspace, "here")));
    }

    @Test
    public void aUserWhoMayNotReadTheAgentsFilesIsOneLine() throws Exception {
        WorkflowRun run = run(Result.FAILURE, "-u 65533:65533", "cpuPool retries: 3, tasks: ['true']");
        jenkins.assertLogContains("cpuPool: no shell can work in the container or launcher. It must have the workspace's folders where", run);
        jenkins.assertLogNotContains("\tat ", run);
    }

    /** Arguments that put this Java into a container. */
    private static String withJava() throws Exception {
        String home = Path.of(System.getProperty("java.home")).toRealPath().toString();
        List<Path> needed = new ArrayList<>(List.of(Path.of("/lib"), Path.of("/lib64"), Path.of("/usr/lib"), Path.of(home)));
        try (DirectoryStream<Path> settings = Files.newDirectoryStream(Path.of("/etc"), "java*")) {
            settings.forEach(needed::add);
        }
        String mounts = needed.stream()
                .filter(Files::isDirectory)
                .map(folder -> " -v " + folder + ":" + folder + ":ro")
                .collect(Collectors.joining());
        return "-e PATH=" + home + "/bin:/bin" + mounts;
    }

    @Test
    public void outputsOfFunctionsAndWorkersAreShownAndKept() throws Exception {
        String java = withJava();
        Process check = new ProcessBuilder(("docker run --rm " + java + " " + image + " java -version").split(" "))
                .redirectErrorStream(true)
                .start();
        String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assumeTrue("needs a Java that runs in a container: " + said, check.waitFor() == 0);
        WorkflowRun run = run(
                Result.SUCCESS,
                java,
                "def r = cpuPool nice: 3, follow: true, keepOutput: true, workers: 1, onFailure: 'ignore', inputs: [1, 2, 3],\n"
                        + "  groovy: 'println \"line $input\"; if (input == 2) System.exit(9); new File(\"/etc/os-release\").exists()'\n"
                        + "echo \"functions ${r.values()} ${r[1].error.type} ${r.collect { it.stdoutFile != null }}\"\n"
                        + "def w = cpuPool follow: true, keepOutput: true, inputs: ['a'],\n"
                        + "  worker: 'while read -r l; do printf \"{\\\\\"output\\\\\": \\\\\"said\\\\\", \\\\\"value\\\\\": 1}\"; done'\n"
                        + "echo \"worker ${w.values()} ${w[0].stdoutFile != null}\"");
        jenkins.assertLogContains("functions [false, null, false] crash [true, true, true]", run);
        jenkins.assertLogContains("worker [1] true", run);
        for (String line : List.of("[1] line 1", "[2] line 2", "[3] line 3", "[a] said")) {
            jenkins.assertLogContains(line, run);
        }
        assertNothingRuns(run);
    }

    @Test
    public void anAgentThatDiesAndComesBackIsGoneOnWith() throws Exception {
        WorkflowJob job = jenkins.job(InterruptedPools.script(image));
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        InterruptedPools.awaitSecondTasks(workspace(job));
        jenkins.stopAgent("docker");
        jenkins.waitForMessage("lost its connection; the step continues", run);
        jenkins.startAgent("docker");
        InterruptedPools.assertGoneOnWith(jenkins, run, workspace(job));
        assertNothingRuns(run);
    }

    @Test
    public void anAgentThatIsRemovedEndsTheStepInOneLine() throws Exception {
        jenkins.agent("gone");
        String body = "def r\n"
                + "try { cpuPool workers: 1, retries: 3, tasks: [a: 'touch a; sleep 1000', b: 'touch b'] }\n"
                + "catch (e) { r = e.results; throw e } finally { echo \"left ${r.collect { it.error.type }}\" }";
        WorkflowJob job = jenkins.job(script(image, "args: ''", body).replace("node('docker')", "node('gone')"));
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        Await.file(jenkins.workspace("gone", job).resolve("a"));
        String runId = BuildRecord.of(run).awaitRunId();
        jenkins.stopAgent("gone");
        jenkins.jenkins.removeNode(jenkins.jenkins.getNode("gone"));
        jenkins.waitForCompletion(run);
        Matcher container = Pattern.compile("docker top ([0-9a-f]+)").matcher(JenkinsRule.getLog(run));
        assertTrue(container.find());
        try {
            jenkins.assertLogContains("left [lost, lost]", run);
            jenkins.assertLogContains("cpuPool: agent 'gone' was removed", run);
        } finally {
            assertEquals(0, new ProcessBuilder("docker", "rm", "-f", container.group(1)).inheritIO().start().waitFor());
        }
        Await.until("the end of the container", () -> PoolEnvironment.runCookie(runId).processes().isEmpty());
    }
}
