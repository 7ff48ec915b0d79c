package io.jenkins.plugins.concurrency.view;

import static io.jenkins.plugins.concurrency.view.data.PlantedRun.about;
import static io.jenkins.plugins.concurrency.view.data.PlantedRun.command;
import static io.jenkins.plugins.concurrency.view.data.PlantedRun.failed;
import static io.jenkins.plugins.concurrency.view.data.PlantedRun.succeeded;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import hudson.model.Item;
import hudson.model.Result;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import io.jenkins.plugins.concurrency.view.data.PlantedRun;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;
import org.htmlunit.WebResponse;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** The build page's server side in a real Jenkins: links, permissions, data, downloads, remote API. */
public class BuildPageTest {

    private static final String MARKUP = "<script>alert('x')</script><img src=x onerror=alert(1)>";

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    private static WorkflowRun build(String script) throws Exception {
        return jenkins.run(Result.SUCCESS, script);
    }

    private static WorkflowRun emptyBuild() throws Exception {
        return build("");
    }

    private static Path directory(WorkflowRun build) {
        return build.getRootDir().toPath();
    }

    /** A build with a step of three branches, one of which failed. */
    private static WorkflowRun smallBuild() throws Exception {
        WorkflowRun build = emptyBuild();
        PlantedRun.begin(directory(build), "small", about("cpuPool", "thumbs", 3, 2))
                .add(succeeded(0, "a.png", 0, 1_000, command(1, 0, "")))
                .add(failed(1, "b.png", 0, 2_500, ErrorType.EXIT, "exit code 3: bad marker", command(2, 3, "bad marker")))
                .add(succeeded(2, "c.png", 1_000, 500, command(1, 0, "")))
                .finish(3);
        return build;
    }

    private static JenkinsRule.WebClient client() {
        // what scripts make of the answers is looked at by a browser, in a test of its own
        return jenkins.createWebClient().withJavaScriptEnabled(false).withThrowExceptionOnFailingStatusCode(false);
    }

    private static WebResponse get(WorkflowRun build, String path) throws Exception {
        return client().goTo(build.getUrl() + "concurrency/" + path, null).getWebResponse();
    }

    private static JSONObject json(WorkflowRun build, String path) throws Exception {
        return JSONObject.fromObject(get(build, path).getContentAsString());
    }

    @Test
    public void theLinkIsThereWhereTheBuildHasRunsAndNowhereElse() throws Exception {
        WorkflowRun without = emptyBuild();
        assertNull(without.getAction(BuildPage.class));
        assertFalse(get(without, "").getContentAsString().contains("id=\"concurrency\""));
        WorkflowRun with = smallBuild();
        HtmlPage page = client().goTo(with.getUrl());
        assertNotNull(page.getAnchorByHref("/jenkins/" + with.getUrl() + "concurrency"));
    }

    @Test
    public void aRealStepLeavesWhatThePageNeeds() throws Exception {
        WorkflowRun build =
                build("node { cpuPool name: 'greetings', tasks: [one: 'echo one', two: 'echo two'], workers: 2 }");
        JSONObject run = json(build, "data").getJSONArray("runs").getJSONObject(0);
        assertEquals("greetings", run.getString("name"));
        assertEquals("cpuPool", run.getString("step"));
        assertEquals(2, run.getInt("succeeded"));
        assertEquals(2, run.getInt("slots"));
        assertEquals("finished", run.getString("state"));
    }

    @Test
    public void onlyThoseWhoMayReadTheJobSeeAnything() throws Exception {
        WorkflowRun build = smallBuild();
        String trend = "../../concurrency-trend/data";
        List<String> pages = List.of(
                "", "data", "branch?run=small&index=1", "download?run=small&format=csv", "report", "api/json", trend);
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ)
                .everywhere()
                .to("stranger", "reader")
                .grant(Item.READ)
                .everywhere()
                .to("reader"));
        for (String page : pages) {
            JenkinsRule.WebClient stranger = client();
            stranger.login("stranger");
            String url = build.getUrl() + "concurrency/" + page;
            assertEquals(page, 404, stranger.goTo(url, null).getWebResponse().getStatusCode());
            JenkinsRule.WebClient reader = client();
            reader.login("reader");
            assertEquals(page, 200, reader.goTo(url, null).getWebResponse().getStatusCode());
        }
    }

    @Test
    public void theRemoteApiTellsOfStepsAndWhenAskedOfBranches() throws Exception {
        WorkflowRun build = smallBuild();
        JSONObject run = json(build, "api/json").getJSONArray("runs").getJSONObject(0);
        assertEquals("thumbs", run.getString("name"));
        assertEquals(1, run.getInt("failed"));
        assertEquals(2_500, run.getInt("durationMillis"));
        assertFalse("may be a million", run.has("branches"));
        assertFalse(json(build, "api/json?depth=2").getJSONArray("runs").getJSONObject(0).has("branches"));
        JSONObject tree = json(build, "api/json?tree=runs[name,branches[name,outcome,error,exitCode]{1,3}]");
        JSONObject part = tree.getJSONArray("runs").getJSONObject(0);
        assertEquals(2, part.getJSONArray("branches").size());
        JSONObject second = part.getJSONArray("branches").getJSONObject(0);
        assertEquals("b.png", second.getString("name"));
        assertEquals("exit", second.getString("error"));
        assertEquals(3, second.getInt("exitCode"));
        assertFalse(second.has("message"));
        assertFalse(part.has("failed"));
        assertEquals(1, json(build, "api/json?tree=runs[name]{0,5}").getJSONArray("runs").size());
        assertEquals(0, json(build, "api/json?tree=runs[name]{5,9}").getJSONArray("runs").size());
        JSONObject behindTheEnd = json(build, "api/json?tree=runs[branches[name]{100,200}]");
        assertEquals(0, behindTheEnd.getJSONArray("runs").getJSONObject(0).getJSONArray("branches").size());
        assertTrue(get(build, "api/xml").getContentAsString().contains("<name>thumbs</name>"));
    }

    @Test
    public void aPageOfTheTableIsSearchedAndSortedByTheServer() throws Exception {
        WorkflowRun build = smallBuild();
        JSONObject table = json(build, "data?run=small&length=1&start=0").getJSONObject("table");
        assertEquals("b.png", table.getJSONArray("rows").getJSONArray(0).getString(1));
        assertEquals(3, table.getInt("matching"));
        assertEquals(1, table.getJSONArray("rows").size());
        JSONObject found = json(build, "data?run=small&length=9&search=MARKER").getJSONObject("table");
        assertEquals(1, found.getInt("matching"));
        JSONArray bars = json(build, "data?run=small&width=800").getJSONObject("timeline").getJSONArray("bars");
        assertEquals(3, bars.size());
    }

    @Test
    public void wrongParametersAreRefusedInOneLine() throws Exception {
        WorkflowRun build = smallBuild();
        WebResponse refused = get(build, "data?run=small&length=ten");
        assertEquals(400, refused.getStatusCode());
        assertEquals("text/plain", refused.getContentType());
        assertEquals("'length' is no whole number: ten", refused.getContentAsString());
        assertEquals(400, get(build, "data?run=small&length=9&error=odd").getStatusCode());
        assertEquals(400, get(build, "download?run=small&format=exe").getStatusCode());
        assertEquals(404, get(build, "download?run=../small&format=csv").getStatusCode());
        assertEquals(404, get(build, "branch?run=small&index=3").getStatusCode());
    }

    @Test
    public void nothingNewIsAnsweredWithoutABody() throws Exception {
        WorkflowRun build = smallBuild();
        JenkinsRule.WebClient client = client();
        WebResponse first =
                client.goTo(build.getUrl() + "concurrency/data", "application/json").getWebResponse();
        client.addRequestHeader("If-None-Match", first.getResponseHeaderValue("ETag"));
        WebResponse second = client.goTo(build.getUrl() + "concurrency/data", null).getWebResponse();
        assertEquals(304, second.getStatusCode());
        assertEquals("", second.getContentAsString());
    }

    @Test
    public void downloadsHaveAllBranches() throws Exception {
        WorkflowRun build = smallBuild();
        WebResponse csv = get(build, "download?run=small&format=csv");
        assertTrue(csv.getResponseHeaderValue("Content-Disposition").startsWith("attachment; filename=\""));
        String[] lines = csv.getContentAsString().split("\r\n");
        assertEquals(4, lines.length);
        assertTrue(lines[0], lines[0].startsWith("index,name,outcome,error,message,attempts,lane,start,millis,exitCode"));
        assertTrue(
                lines[2],
                lines[2].startsWith("\"1\",\"b.png\",\"failed\",\"exit\",\"exit code 3: bad marker\",\"1\",\"2\",\"2026-"));
        String[] joblog = get(build, "download?run=small&format=joblog").getContentAsString().split("\n");
        assertEquals("Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand", joblog[0]);
        assertEquals("2\t:\t1790000000.000\t     2.500\t0\t0\t3\t0\tfalse # b.png", joblog[2]);
        JSONObject json = json(build, "download?run=small&format=json");
        assertEquals(3, json.getJSONArray("branches").size());
        assertEquals(1, json.getInt("failed"));
        assertEquals("bad marker", json.getJSONArray("branches").getJSONObject(1).getJSONObject("details").getString("stderr"));
    }

    @Test
    public void whatABuildSaysNeverBecomesMarkupOrAFormula() throws Exception {
        WorkflowRun build = emptyBuild();
        Map<String, Object> details = Map.of(
                OutcomeDetail.URL, "javascript:alert(1)//" + MARKUP,
                OutcomeDetail.STATUS, 500,
                OutcomeDetail.HEADERS, Map.of("x-" + MARKUP, MARKUP),
                OutcomeDetail.BODY, MARKUP);
        PlantedRun.begin(directory(build), "evil", about("parallelFetch", "name " + MARKUP, 2, 2))
                .add(failed(0, MARKUP, 0, 10, ErrorType.STATUS, MARKUP, details))
                .add(failed(1, "=cmd|'/c calc'!A1", 0, 10, ErrorType.EXIT, "@SUM(1)", command(1, 1, "+1\t-1")))
                .finish(2);
        String page = client().goTo(build.getUrl() + "concurrency/").getWebResponse().getContentAsString();
        assertFalse("the page itself has no data", page.contains("alert("));
        for (String path : List.of("data?run=evil&length=9&width=500", "branch?run=evil&index=0", "api/json")) {
            WebResponse response = get(build, path);
            assertEquals(path, "application/json", response.getContentType());
            assertEquals(path, "nosniff", response.getResponseHeaderValue("X-Content-Type-Options"));
        }
        String xml = get(build, "api/xml?depth=2&tree=runs[name,branches[name,message]]").getContentAsString();
        assertFalse(xml, xml.contains("<script"));
        String csv = get(build, "download?run=evil&format=csv").getContentAsString();
        assertTrue(csv, csv.contains("\"'=cmd|'/c calc'!A1\",\"failed\",\"exit\",\"'@SUM(1)\""));
        assertTrue(csv, csv.contains("\"'+1\t-1\""));
        String joblog = get(build, "download?run=evil&format=joblog").getContentAsString();
        assertEquals("no line of its own", 3, joblog.split("\n").length);
        String report = get(build, "report").getContentAsString();
        assertFalse("data end their element", report.contains(MARKUP));
        assertTrue(report, report.contains("\\u003cscript>alert('x')"));
        HtmlPage job = client().goTo(build.getParent().getUrl());
        assertFalse(job.getWebResponse().getContentAsString().contains("alert("));
    }

    @Test
    public void headersThatHandOutCredentialsAreHidden() throws Exception {
        WorkflowRun build = emptyBuild();
        Map<String, Object> headers = Map.of(
                "set-cookie", "session=s3cr3t", "x-auth-token", "s3cr3t", "www-authenticate", "s3cr3t", "server", "nginx");
        PlantedRun.begin(directory(build), "r", about("parallelFetch", "pages", 1, 1))
                .add(succeeded(0, "a", 0, 10, Map.of(OutcomeDetail.STATUS, 200, OutcomeDetail.HEADERS, headers)))
                .finish(1);
        for (String path :
                List.of("data?run=r&length=9", "branch?run=r&index=0", "download?run=r&format=json", "report")) {
            assertFalse(path, get(build, path).getContentAsString().contains("s3cr3t"));
        }
        String branch = get(build, "branch?run=r&index=0").getContentAsString();
        assertTrue(branch, branch.contains("nginx") && branch.contains("set-cookie"));
    }

    @Test
    public void whatABranchLeftIsLinkedWhereItIsAnArtifact() throws Exception {
        WorkflowRun build = emptyBuild();
        PlantedRun.begin(directory(build), "r", about("parallelFetch", "pages", 3, 1))
                .add(succeeded(0, "a", 0, 10, Map.of(OutcomeDetail.PATH, "pages/a #1.html")))
                .add(succeeded(1, "b", 10, 10, Map.of(OutcomeDetail.PATH, "pages/gone.html")))
                .add(succeeded(2, "c", 20, 10, Map.of(OutcomeDetail.PATH, "../build.xml")))
                .finish(3);
        Path archive = Files.createDirectories(directory(build).resolve("archive/pages"));
        Files.writeString(archive.resolve("a #1.html"), "x");
        JSONObject files = json(build, "branch?run=r&index=0").getJSONObject("files");
        assertEquals("../artifact/pages/a%20%231.html", files.getString("pages/a #1.html"));
        assertTrue(json(build, "branch?run=r&index=1").getJSONObject("files").isEmpty());
        assertTrue(json(build, "branch?run=r&index=2").getJSONObject("files").isEmpty());
        assertEquals("x", get(build, "../artifact/pages/a%20%231.html").getContentAsString());
    }

    @Test
    public void theJobHasATrendOfItsBuilds() throws Exception {
        WorkflowRun first = smallBuild();
        WorkflowJob job = first.getParent();
        WorkflowRun second = jenkins.buildAndAssertSuccess(job);
        PlantedRun.begin(directory(second), "r", about("cpuPool", "thumbs", 1, 1))
                .add(succeeded(0, "a", 0, 10, Map.of()))
                .finish(1);
        String url = job.getUrl() + "concurrency-trend/data";
        JSONArray builds = JSONObject.fromObject(client().goTo(url, null).getWebResponse().getContentAsString())
                .getJSONArray("builds");
        assertEquals(2, builds.size());
        assertEquals(1, builds.getJSONObject(0).getInt("number"));
        assertEquals(2, builds.getJSONObject(0).getInt("succeeded"));
        assertEquals(1, builds.getJSONObject(0).getInt("failed"));
        assertEquals(1, builds.getJSONObject(1).getInt("succeeded"));
        String page = client().goTo(job.getUrl()).getWebResponse().getContentAsString();
        assertTrue(page, page.contains("cs-trend"));
        assertTrue("counted once", Files.exists(directory(first).resolve("concurrency/totals.json")));
    }

    /** The times are printed, not asserted: they depend on what else the machine does. That all is there is asserted. */
    @Test
    public void aHundredThousandBranchesOpen() throws Exception {
        int branches = 100_000;
        WorkflowRun build = emptyBuild();
        PlantedRun run = PlantedRun.begin(directory(build), "big", about("parallelFetch", "crawl", branches, 64));
        Map<String, Object> headers = Map.of("content-type", "text/html", "server", "nginx", "etag", "\"5f3-17abc\"");
        for (int i = 0; i < branches; i++) {
            String url = "https://www.example.org/catalogue/item-" + i + ".html";
            Map<String, Object> details = Map.of(OutcomeDetail.URL, url, OutcomeDetail.STATUS, 200, OutcomeDetail.HEADERS, headers);
            long start = i / 64 * 50L;
            run.add(
                    i % 50 == 3
                            ? failed(i, url, start, 49, ErrorType.STATUS, "HTTP 503 Service Unavailable", details)
                            : succeeded(i, url, start, 49, details));
        }
        run.finish(branches);
        JenkinsRule.WebClient client = client();
        client.goTo(smallBuild().getUrl() + "concurrency/data?run=small&length=25&width=1000", null); // warm
        String question = "concurrency/data?run=big&length=25&width=1000&lanes=64";
        long begin = System.nanoTime();
        String first = client.goTo(build.getUrl() + question, null).getWebResponse().getContentAsString();
        long opened = System.nanoTime();
        String found = client.goTo(build.getUrl() + "concurrency/data?run=big&length=25&search=item-77777.", null)
                .getWebResponse()
                .getContentAsString();
        long searched = System.nanoTime();
        long lines = lines(build.getUrl() + "concurrency/download?run=big&format=csv");
        long downloaded = System.nanoTime();
        String tree = "concurrency/api/json?tree=runs[branches[name,outcome]{99990,100000}]";
        String api = client.goTo(build.getUrl() + tree, null).getWebResponse().getContentAsString();
        long asked = System.nanoTime();
        System.out.printf(
                "100,000 branches: first answer %d ms (%d bytes), search %d ms, CSV %d ms, remote API %d ms%n",
                (opened - begin) / 1_000_000,
                first.length(),
                (searched - opened) / 1_000_000,
                (downloaded - searched) / 1_000_000,
                (asked - downloaded) / 1_000_000);
        Map<String, Object> answer = Json.parseObject(first);
        assertEquals(2_000, ((Number) ((Map<?, ?>) ((List<?>) answer.get("runs")).get(0)).get("failed")).intValue());
        assertTrue("a page, not all: " + first.length(), first.length() < 400_000);
        assertEquals(1, JSONObject.fromObject(found).getJSONObject("table").getInt("matching"));
        assertEquals(branches + 1, lines);
        assertEquals(
                10,
                JSONObject.fromObject(api)
                        .getJSONArray("runs")
                        .getJSONObject(0)
                        .getJSONArray("branches")
                        .size());
    }

    private static long lines(String path) throws Exception {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                new URL(jenkins.getURL() + path).openStream(), UTF_8))) {
            return in.lines().count();
        }
    }
}
