package io.jenkins.plugins.concurrency.others;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey;
import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.impl.CertificateCredentialsImpl;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.Computer;
import hudson.model.Item;
import hudson.model.ModelObject;
import hudson.model.Node;
import hudson.model.Queue;
import hudson.model.Result;
import hudson.model.User;
import hudson.security.ProjectMatrixAuthorizationStrategy;
import hudson.util.Secret;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.StoredSecrets;
import io.jenkins.plugins.concurrency.fixture.TestCertificates;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import io.jenkins.plugins.concurrency.fixture.pipeline.HoldStep;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import jenkins.model.Jenkins;
import jenkins.security.QueueItemAuthenticatorConfiguration;
import org.jenkins.plugins.lockableresources.LockableResourcesManager;
import org.jenkinsci.plugins.authorizeproject.AuthorizeProjectProperty;
import org.jenkinsci.plugins.authorizeproject.ProjectQueueItemAuthenticator;
import org.jenkinsci.plugins.authorizeproject.strategy.SpecificUsersAuthorizationStrategy;
import org.jenkinsci.plugins.matrixauth.AuthorizationMatrixNodeProperty;
import org.jenkinsci.plugins.matrixauth.PermissionEntry;
import org.jenkinsci.plugins.matrixauth.inheritance.NonInheritingStrategy;
import org.jenkinsci.plugins.plaincredentials.impl.FileCredentialsImpl;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.pipeline.modeldefinition.actions.RestartDeclarativePipelineAction;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayAction;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.JenkinsRule;

/** Builds that use the steps inside, around and beside the steps and settings of other plugins. */
public class BuildsBesideOthersTest {

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule().keepingAgents();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @BeforeClass
    public static void startAgents() throws Exception {
        jenkins.agent("remote");
        jenkins.simpleAgent("first", "pool");
        jenkins.simpleAgent("second", "pool");
    }

    private Path file(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    @Test
    public void aLockIsHeldUntilTheLastProcessOfAnAbortedStepHasEnded() throws Exception {
        String begun = file("begun").toString();
        WorkflowRun first = jenkins.start("lock('printer') { node('remote') { cpuPool tasks: ['echo $$ > " + begun + ".new; mv " + begun
                + ".new " + begun + "; sleep 600'] } }");
        Await.file(file("begun"));
        long pid = Long.parseLong(Await.lines(file("begun")).get(0));
        WorkflowRun second = jenkins.start("lock('printer') { hold 'second' }");
        jenkins.waitForMessage("waiting for execution", second);
        assertTrue("the task runs", ProcessHandle.of(pid).isPresent());
        first.doStop();
        HoldStep.await("second");
        assertFalse("the task has ended", ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent());
        HoldStep.release("second");
        jenkins.assertEnd(Result.SUCCESS, second);
        jenkins.assertEnd(Result.ABORTED, first);
    }

    @Test
    public void branchesOfGatherTakeALockOneAfterTheOther() throws Exception {
        WorkflowRun build = jenkins.start("gather a: { lock('one') { hold 'a' } }, b: { lock('one') { hold 'b' } }, c: { lock('one') { hold 'c' } }");
        for (String branch : List.of("a", "b", "c")) {
            HoldStep.await(branch);
            HoldStep.release(branch);
        }
        jenkins.assertEnd(Result.SUCCESS, build);
        jenkins.assertLogContains("gather: 3 branches in", build);
    }

    @Test
    public void commandsSeeWhichResourcesAreLockedAndPartsOnNodesShareTheLock() throws Exception {
        LockableResourcesManager resources = LockableResourcesManager.get();
        resources.createResourceWithLabel("board-1", "boards");
        resources.createResourceWithLabel("board-2", "boards");
        WorkflowRun build = jenkins.run(
                Result.SUCCESS,
                "lock(label: 'boards', quantity: 2, variable: 'BOARD') {\n"
                        + "  def r = cpuPool label: 'pool', nodes: 2, workers: 1, inputs: 1..2, onFailure: 'fail', command: 'echo {} > " + folder.getRoot()
                        + "/{}; until [ -e " + file("1") + " -a -e " + file("2") + " ]; do sleep 0.1; done; echo $BOARD0 $BOARD1'\n"
                        + "  echo \"seen ${r.values()}\" }");
        jenkins.assertLogContains("seen [board-1 board-2, board-1 board-2]", build);
        assertEquals("both worked at once", Map.of("first", 1, "second", 1), BuildRecord.of(build).byNode());
        assertTrue(resources.fromName("board-1").isFree());
    }

    @Test
    public void credentialsOfAllKindsReachCommandsAndAreMasked() throws Exception {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(zipped)) {
            zip.putNextEntry(new ZipEntry("inside.txt"));
            zip.write("in the archive".getBytes(StandardCharsets.UTF_8));
        }
        CredentialsScope global = CredentialsScope.GLOBAL;
        byte[] keys = new TestCertificates(folder.newFolder("keys").toPath()).pkcs12();
        List<Credentials> all = SystemCredentialsProvider.getInstance().getCredentials();
        all.add(new StringCredentialsImpl(global, "text", "", Secret.fromString("s3cret-t3xt")));
        all.add(new UsernamePasswordCredentialsImpl(global, "user", "", "me", "pa55-w0rd-of-me"));
        all.add(new FileCredentialsImpl(global, "file", "", "some.txt", SecretBytes.fromRawBytes("in the file".getBytes(StandardCharsets.UTF_8))));
        all.add(new FileCredentialsImpl(global, "zip", "", "some.zip", SecretBytes.fromRawBytes(zipped.toByteArray())));
        all.add(new BasicSSHUserPrivateKey(
                global, "ssh", "git", new BasicSSHUserPrivateKey.DirectEntryPrivateKeySource("-- the key --"), "phr4se-of-key", ""));
        all.add(new CertificateCredentialsImpl(
                global, "certificate", "", "changeit", new CertificateCredentialsImpl.UploadedKeyStoreSource(null, SecretBytes.fromRawBytes(keys))));
        String bindings = String.join(
                ", ",
                "string(credentialsId: 'text', variable: 'TEXT')",
                "usernamePassword(credentialsId: 'user', usernameVariable: 'NAME', passwordVariable: 'WORD')",
                "usernameColonPassword(credentialsId: 'user', variable: 'BOTH')",
                "file(credentialsId: 'file', variable: 'FILE')",
                "zip(credentialsId: 'zip', variable: 'ZIP')",
                "sshUserPrivateKey(credentialsId: 'ssh', keyFileVariable: 'KEY', usernameVariable: 'GIT', passphraseVariable: 'PHRASE')",
                "certificate(credentialsId: 'certificate', keystoreVariable: 'STORE', passwordVariable: 'STORE_WORD')");
        String look = "echo \"$TEXT|$NAME|$WORD|$BOTH|$(cat \"$FILE\")|$(cat \"$ZIP/inside.txt\")|$GIT|$(cat \"$KEY\")|$PHRASE|$STORE_WORD\";"
                + " test -s \"$STORE\" && printf %s \"$TEXT$WORD$BOTH$PHRASE$STORE_WORD\" | wc -c";
        WorkflowRun build = jenkins.run(
                Result.SUCCESS,
                "node('remote') { withCredentials([" + bindings + "]) {\n"
                        + "def r = cpuPool tasks: [look: '''" + look + "'''], follow: true, onFailure: 'fail'\n"
                        + "echo \"saw <${r['look'].value.trim()}>\" } }");
        String seen = "****|me|****|****|in the file|in the archive|git|-- the key --|****|****\n";
        jenkins.assertLogContains("saw <" + seen + "65>", build); // 11 + 15 + 18 + 13 + 8
        StoredSecrets.assertNoneIn(build.getRootDir().toPath(), List.of("s3cret-t3xt", "pa55-w0rd-of-me", "phr4se-of-key"));
    }

    @Test
    public void coloursAndTimestampsAreOnEachLineThatIsFollowed() throws Exception {
        WorkflowRun build = jenkins.run(
                Result.SUCCESS,
                "timestamps { ansiColor('xterm') { node('remote') { cpuPool follow: true, tasks: [one: '''printf '\\\\033[31mred\\\\033[0m\\\\nplain\\\\n' '''] } } }");
        String log = JenkinsRule.getLog(build);
        String stamp = "(?m)^\\[\\d{4}-\\d\\d-\\d\\dT[^\\]]*Z\\] ";
        for (String line : List.of("\\[one\\] \u001B\\[31mred", "\\[one\\] .*plain", "cpuPool: 1 branch in ")) {
            assertTrue(line + " in\n" + log, Pattern.compile(stamp + line).matcher(log).find());
        }
        try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
            client.getOptions().setJavaScriptEnabled(false);
            String page = client.goTo(build.getUrl() + "console").getWebResponse().getContentAsString();
            assertTrue(page, page.contains("<span style=\"color: #CD0000;\">red"));
        }
    }

    @Test
    public void httpRequestAndParallelFetchAskTheSameServerInOneBuild() throws Exception {
        PipelineRule.allowOwnNetwork();
        try (HttpTestServer server = new HttpTestServer((request, to) -> to.respond(200, "page " + request.path()))) {
            String ask = "def ask() { gather(plugin: { httpRequest(url: '" + server.url("/a") + "', quiet: true).content },\n"
                    + "  step: { parallelFetch(urls: ['" + server.url("/b") + "'], onFailure: 'fail')[0].body }).values() }\n";
            WorkflowRun build = jenkins.run(
                    Result.SUCCESS, ask + "echo \"outside ${ask()}\"\nnode('remote') { echo \"inside ${ask()}\" }");
            jenkins.assertLogContains("outside [page /a, page /b]", build);
            jenkins.assertLogContains("inside [page /a, page /b]", build);
        }
    }

    @Test
    public void aReplayRunsTheNewScriptAndReusesResultsOfTheBuild() throws Exception {
        String step = "node('remote') { def r = cpuPool name: 'pool', resumeFrom: 'lastBuild', onFailure: 'ignore', tasks: [a: 'echo a', b: '%s']\n"
                + "echo \"${r.succeeded} succeeded, reused ${r.count { it.reused }}\" }";
        WorkflowRun build = jenkins.run(Result.SUCCESS, String.format(step, "exit 1"));
        jenkins.assertLogContains("1 succeeded, reused 0", build);
        WorkflowRun replayed = (WorkflowRun) build.getAction(ReplayAction.class).run(String.format(step, "echo b"), Map.of()).get();
        jenkins.assertBuildStatusSuccess(replayed);
        jenkins.assertLogContains("2 succeeded, reused 1", replayed);
    }

    @Test
    public void aBuildRestartedFromAStageDoesOnlyWhatComesAfterIt() throws Exception {
        String stages = String.join(
                "\n",
                "pipeline { agent { label 'remote' }",
                "options { lock('site') }",
                "stages {",
                "  stage('make') { steps { cpuPool name: 'make', tasks: ['echo made'] } }",
                "  stage('ship') { steps { cpuPool name: 'ship', resumeFrom: 'lastBuild', onFailure: 'fail',",
                "    tasks: [here: 'echo here', there: 'test -e " + file("repaired") + "'] } } } }");
        WorkflowRun build = jenkins.run(Result.FAILURE, stages);
        Files.createFile(file("repaired"));
        Queue.Item item = build.getAction(RestartDeclarativePipelineAction.class).run("ship");
        WorkflowRun restarted = (WorkflowRun) item.getFuture().get();
        jenkins.assertBuildStatusSuccess(restarted);
        jenkins.assertLogContains("ship: 2 branches in", restarted);
        jenkins.assertLogContains("2 succeeded (1 reused)", restarted);
        jenkins.assertLogNotContains("make: ", restarted);
    }

    @Test
    public void eachCellOfADeclarativeMatrixHasItsOwnSteps() throws Exception {
        WorkflowRun build = jenkins.run(
                Result.FAILURE,
                String.join(
                        "\n",
                        "pipeline { agent none",
                        "stages { stage('all') { matrix {",
                        "  axes { axis { name 'OS'; values 'linux', 'mac' }",
                        "    axis { name 'BITS'; values '32', '64' } }",
                        "  excludes { exclude { axis { name 'OS'; values 'mac' }",
                        "    axis { name 'BITS'; values '32' } } }",
                        "  agent { label 'pool' }",
                        "  stages { stage('test') { steps {",
                        "    cpuPool name: \"pool of $OS $BITS\", tasks: [say: 'echo \"cell $OS-$BITS\"; test $OS-$BITS != mac-64'], follow: true, onFailure: 'fail'",
                        "  } } } } } } }"));
        for (String cell : List.of("linux 32", "linux 64", "mac 64")) {
            jenkins.assertLogContains("cell " + cell.replace(' ', '-'), build);
            jenkins.assertLogContains("pool of " + cell + ": 1 branch in", build);
        }
        assertEquals(3, BuildRecord.of(build).runs().size());
        assertEquals(1, BuildRecord.of(build).count("failed"));
    }

    @Test
    public void aJobInAFolderHasTheCredentialsOfItsFolder() throws Exception {
        PipelineRule.allowOwnNetwork();
        Folder team = jenkins.createProject(Folder.class, "team one");
        store(team).addCredentials(Domain.global(), new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, "api", "", "me", "pa55-w0rd-of-me"));
        try (HttpTestServer server = new HttpTestServer(
                (request, to) -> to.respond(200, "authorized " + (request.headers().get("authorization") != null)))) {
            String step = "parallelFetch(urls: ['" + server.url("/") + "'], credentialsId: 'api', name: 'ask', onFailure: 'fail').each { echo it.body }";
            WorkflowJob inside = team.createProject(WorkflowJob.class, "job of team");
            inside.setDefinition(new CpsFlowDefinition("node('remote') { " + step + " }\n" + step + "\ncpuPool label: 'pool', tasks: ['pwd']", true));
            WorkflowRun build = jenkins.buildAndAssertSuccess(inside);
            assertEquals(2, JenkinsRule.getLog(build).split("authorized true", -1).length - 1);
            try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
                client.getOptions().setJavaScriptEnabled(false);
                String page = client.goTo(build.getUrl() + "concurrency/api/json", "application/json").getWebResponse().getContentAsString();
                assertTrue(page, page.contains("\"ask\""));
            }
            WorkflowRun outside = jenkins.run(Result.FAILURE, step);
            jenkins.assertLogContains("api", outside);
        }
    }

    private static CredentialsStore store(ModelObject owner) {
        for (CredentialsStore store : CredentialsProvider.lookupStores(owner)) {
            if (store.getContext() == owner) {
                return store;
            }
        }
        throw new AssertionError("no store of " + owner.getDisplayName());
    }

    @Test
    public void aBuildOfAUserWorksOnlyOnNodesThatTheMatrixAllowsHim() throws Exception {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        User.getById("alice", true); // one who never logged in is anonymous
        ProjectMatrixAuthorizationStrategy matrix = new ProjectMatrixAuthorizationStrategy();
        matrix.add(Jenkins.ADMINISTER, PermissionEntry.user("admin"));
        matrix.add(Jenkins.READ, PermissionEntry.user("alice"));
        matrix.add(Jenkins.READ, PermissionEntry.user("eve"));
        matrix.add(Item.READ, PermissionEntry.user("alice"));
        matrix.add(Computer.BUILD, PermissionEntry.user("alice"));
        jenkins.jenkins.setAuthorizationStrategy(matrix);
        QueueItemAuthenticatorConfiguration.get().getAuthenticators().add(new ProjectQueueItemAuthenticator(
                Set.of(jenkins.jenkins.getDescriptorByType(SpecificUsersAuthorizationStrategy.DescriptorImpl.class).getId()), Set.of()));
        AuthorizationMatrixNodeProperty closed = new AuthorizationMatrixNodeProperty();
        closed.setInheritanceStrategy(new NonInheritingStrategy());
        closed.add(Computer.BUILD, PermissionEntry.user("bob"));
        Node second = jenkins.jenkins.getNode("second");
        second.getNodeProperties().add(closed);
        try {
            WorkflowJob job = jenkins.job("cpuPool label: 'pool', nodes: 2, workers: 1, inputs: 1..4, command: 'echo {}', onFailure: 'fail'");
            job.addProperty(new AuthorizeProjectProperty(new SpecificUsersAuthorizationStrategy("alice")));
            WorkflowRun build = jenkins.buildAndAssertSuccess(job);
            assertEquals(Map.of("first", 4), BuildRecord.of(build).byNode());
            List<Integer> answers = new ArrayList<>();
            for (String user : List.of("alice", "eve")) {
                try (JenkinsRule.WebClient client = jenkins.createWebClient().withThrowExceptionOnFailingStatusCode(false)) {
                    client.getOptions().setJavaScriptEnabled(false);
                    client.login(user);
                    answers.add(client.goTo(build.getUrl() + "concurrency/", null).getWebResponse().getStatusCode());
                }
            }
            assertEquals(List.of(200, 404), answers);
        } finally {
            second.getNodeProperties().remove(closed);
        }
    }
}
