package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.Result;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.StoredSecrets;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.JenkinsRule;

/** Secrets of {@code withCredentials} show up nowhere, whatever the steps' work does with them. */
public class SecretsTest {

    private static final String SECRET = "s3cr3t-Vc9XbQ2mZk7Lr4Tw";

    /** The inside of what base64 makes of the secret behind {@code user:}. */
    private static final String ENCODED = Base64.getEncoder()
            .encodeToString(("user:" + SECRET).getBytes(StandardCharsets.UTF_8))
            .substring(8, 36);

    /** What a run needs to work, readable by its owner alone: commands and URLs as they were given. */
    private static final Set<String> INPUTS = Set.of("branches.ndjson", "spec.json");

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    /** Answers what it was asked, in every place of a response. */
    @Rule
    public final HttpTestServer server = new HttpTestServer((request, to) -> {
        String token = String.valueOf(request.headers().get("x-token"));
        to.respond(
                request.path().startsWith("/fail") ? 500 : 200,
                "text/plain",
                token + " " + request.target() + " " + request.bodyText(),
                "X-Echo: " + token);
    });

    private final String root = server.root();

    @Before
    public void addSecret() throws IOException {
        PipelineRule.addSecretText("token", SECRET);
        SystemCredentialsProvider.getInstance().save();
    }

    private static String withToken(String body) {
        return "withCredentials([string(credentialsId: 'token', variable: 'TOKEN')]) {\n" + body + "\n}";
    }

    private static void assertNoSecretIn(Path directory, Set<String> leaveOut) throws IOException {
        StoredSecrets.assertNoneIn(directory, List.of(SECRET, ENCODED), leaveOut);
    }

    @Test
    public void noSecretIsStoredOnControllerOrAgentWhileAPoolRunsOrAfterIt() throws Exception {
        jenkins.agent("remote");
        WorkflowRun run = jenkins.start("node('remote') {\n"
                + withToken("def r = cpuPool name: \"label $TOKEN\", workers: 1, onFailure: 'unstable', tasks: [\n"
                        + "  out: 'echo \"$TOKEN\"; echo \"$TOKEN\" >&2',\n"
                        + "  fail: 'echo \"no: $TOKEN\" >&2; exit 3',\n"
                        + "  encoded: 'printf %s \"user:$TOKEN\" | base64',\n"
                        + "  hold: 'touch held; while ! test -e go; do sleep 0.1; done']\n"
                        + "def n = cpuPool tasks: [\"echo $TOKEN\", \"echo $TOKEN\", \"echo $TOKEN; exit 1\"]\n"
                        + "echo \"result <${r['out'].stdout.trim()}> <${r['fail'].error.message}> ${n.collect { it.name }}\"")
                + "\n}");
        WorkflowJob job = run.getParent();
        Path workspace = jenkins.workspace("remote", job);
        Await.file(workspace.resolve("held"));
        assertNoSecretIn(jenkins.jenkins.getRootDir().toPath(), INPUTS);
        Path onAgent = Path.of(workspace + "@tmp", "concurrency");
        assertTrue("the run is under way", Files.exists(onAgent));
        assertNoSecretIn(onAgent, INPUTS);
        Files.createFile(workspace.resolve("go"));
        jenkins.assertEnd(Result.UNSTABLE, run);
        jenkins.assertLogContains("result <****> <exit code 3: no: ****> [echo ****, echo **** #2, echo ****; exit 1]", run);
        jenkins.assertLogContains("label ****: 4 branches in", run);
        assertNoSecretIn(jenkins.jenkins.getRootDir().toPath(), Set.of());
        assertInputsAreGone(run);
    }

    @Test
    public void noSecretOfGatherIsStoredOrShown() throws Exception {
        WorkflowRun run = jenkins.start(withToken("stage('s') { def r = gather name: \"for $TOKEN\", onFailure: 'ignore', branches: [\n"
                + "  (\"deploy-\" + TOKEN): { [token: TOKEN, other: 1] }, ('deploy-****'): { 2 },\n"
                + "  (\"fail-\" + TOKEN): { error \"no $TOKEN\" }]\n"
                + "echo \"names ${r.collect { it.name }} ${r[0].value.token == TOKEN} ${r[0].value.other} ${r[2].error.message.endsWith('no ****')}\" }"));
        jenkins.assertEnd(Result.SUCCESS, run);
        jenkins.assertLogContains("names [deploy-**** #1, deploy-****, fail-****] true 1 true", run);
        try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
            client.getOptions().setJavaScriptEnabled(false);
            String id = BuildRecord.of(run).awaitRunId();
            for (String page : List.of("api/json?depth=3", "download?format=csv&run=" + id, "data", "report")) {
                String text = client.goTo(run.getUrl() + "concurrency/" + page, null).getWebResponse().getContentAsString();
                assertTrue(page, !page.startsWith("download") || text.contains("fail-****"));
                assertFalse(page, text.contains(SECRET));
            }
        }
        assertNoSecretIn(run.getRootDir().toPath().resolve("concurrency"), Set.of());
    }

    private static void assertInputsAreGone(WorkflowRun run) throws IOException {
        try (Stream<Path> files = Files.walk(run.getRootDir().toPath().resolve("concurrency"))) {
            files.forEach(file -> assertFalse(
                    file.toString(), INPUTS.contains(file.getFileName().toString())));
        }
    }

    private void functionsAndFetches(String before, String after) throws Exception {
        String inNode = before.isEmpty()
                ? ""
                : "def f = cpuPool onFailure: 'ignore', inputs: [1, 2, \"at $TOKEN\"], groovy: '''\n"
                        + "def token = System.getenv('TOKEN'); println token; System.err.println token\n"
                        + "if (input == 2) throw new Exception(\"with $token\")\n"
                        + "[deep: [[(token): token]], input: input]'''\n"
                        + "echo \"functions ${f.values()} ${f[1].error.message}\"\n"
                        + "try { cpuPool inputs: [1], groovy: \"def ( '$TOKEN'\" }\n"
                        + "catch (e) { echo \"refused ${e.message.contains('****')}\" }\n";
        WorkflowRun run = jenkins.start(before
                + withToken(inNode
                        + "def p = parallelFetch onFailure: 'ignore', headers: ['X-Token': [TOKEN, \"2 $TOKEN\"]], json: [[token: TOKEN]],\n"
                        + "  query: [q: ['a b', TOKEN]], validBody: \"(?s).*$TOKEN.*$TOKEN.*$TOKEN.*\", urls: [\n"
                        + "  \"" + root + "/ok?$TOKEN\", [name: \"n $TOKEN\", url: '" + root + "/fail', form: [t: TOKEN]],\n"
                        + "  \"gopher://$TOKEN/\", [url: '" + root + "/parts', multipart: [t: TOKEN, f: [text: 'a', filename: TOKEN]]],\n"
                        + "  [name: 'no match', url: '" + root + "/ok', validBody: \"not $TOKEN\"]]\n"
                        + "echo \"pages ${p.collect { [it.name, it.url, it.body, it.headers?.get('x-echo'), it.error?.message] }}\"\n"
                        + "try { parallelFetch urls: [[name: TOKEN, url: 'a:b'], [name: TOKEN, url: 'a:b']] }\n"
                        + "catch (e) { echo \"wrong ${e.message}\" }\n"
                        + "try { parallelFetch urls: [], concurrency: \"x$TOKEN\" } catch (e) { echo \"wrong ${e.message}\" }\n"
                        + "parallelFetch urls: [\"" + root + "/fail?$TOKEN\"], onFailure: 'fail'")
                + after);
        jenkins.assertEnd(Result.FAILURE, run);
        jenkins.assertLogContains("/ok?****&q=a+b&q=****", run);
        jenkins.assertLogContains("n ****", run);
        jenkins.assertLogContains("wrong parallelFetch: urls: '****' is given twice", run);
        jenkins.assertLogContains("wrong parallelFetch: concurrency: text (x****) is given; allowed is 1 to 10000 or 'auto'", run);
        if (!before.isEmpty()) {
            jenkins.assertLogContains("[{\"token\":\"****\"}]", run);
            jenkins.assertLogContains("filename=\"****\"", run);
            jenkins.assertLogContains("nothing in the body matches 'not ****'", run);
            jenkins.assertLogContains("functions [[deep:[[****:****]], input:1], null, ", run);
            jenkins.assertLogContains("refused true", run);
        }
        assertNoSecretIn(jenkins.jenkins.getRootDir().toPath(), Set.of());
    }

    @Test
    public void noSecretOfFunctionsAndFetchesOnAnAgentIsStored() throws Exception {
        jenkins.agent("remote");
        functionsAndFetches("node('remote') {\n", "\n}");
    }

    @Test
    public void noSecretOfFetchesOutsideNodeIsStored() throws Exception {
        functionsAndFetches("", "");
    }
}
