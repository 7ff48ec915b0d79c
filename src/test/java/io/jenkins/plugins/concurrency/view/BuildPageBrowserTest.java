package io.jenkins.plugins.concurrency.view;

import static io.jenkins.plugins.concurrency.view.data.PlantedRun.about;
import static io.jenkins.plugins.concurrency.view.data.PlantedRun.command;
import static io.jenkins.plugins.concurrency.view.data.PlantedRun.failed;
import static io.jenkins.plugins.concurrency.view.data.PlantedRun.succeeded;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import hudson.model.Result;
import hudson.util.PluginServletFilter;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import io.jenkins.plugins.concurrency.view.data.PlantedRun;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.localizer.LocaleProvider;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerRequest2;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** The build page in a browser, under Jenkins' Content-Security-Policy and a stricter one. */
public class BuildPageBrowserTest {

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src-elem 'self'; "
            + "style-src-attr 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; font-src 'self'";

    private static final String MARKUP = "<script>window.hacked=1</script><img src=x onerror=window.hacked=2>";

    /** What requests for a step's timeline and branches wait for. */
    private static volatile CountDownLatch gate = new CountDownLatch(0);

    /** How many of the next of them are answered by an error; negative for each that was answered after these. */
    private static final AtomicInteger REFUSALS = new AtomicInteger();

    private static final PipelineRule JENKINS = new PipelineRule();
    private static final Browser BROWSER = new Browser();

    /** No browser, no Jenkins: what would be skipped need not be started. */
    @ClassRule
    public static final RuleChain RULES = RuleChain.outerRule(BROWSER).around(JENKINS);

    @BeforeClass
    public static void beStrict() throws Exception {
        PluginServletFilter.addFilter((Filter) (request, response, chain) -> {
            if (String.valueOf(((HttpServletRequest) request).getQueryString()).contains("lanes=")) {
                pass();
                if (REFUSALS.getAndDecrement() > 0) {
                    ((HttpServletResponse) response).sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
                    return;
                }
            }
            chain.doFilter(request, new HttpServletResponseWrapper((HttpServletResponse) response) {
                @Override
                public void setHeader(String name, String value) {
                    super.setHeader(name, Browser.POLICY_HEADER.equals(name) ? value + ", " + POLICY : value);
                }
            });
        });
    }

    private static void pass() throws IOException {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }

    @Before
    public void forgetTheConsole() {
        BROWSER.console();
    }

    private static String url(WorkflowRun build) throws Exception {
        return JENKINS.getURL() + build.getUrl() + "concurrency/";
    }

    private static Path directory(WorkflowRun build) {
        return build.getRootDir().toPath();
    }

    /** A build with two steps: sixty commands on four workers, of which some failed, and two fetches. */
    private static WorkflowRun finishedBuild() throws Exception {
        WorkflowRun build = JENKINS.run(Result.SUCCESS, "");
        PlantedRun fetches = PlantedRun.begin(directory(build), "fetches", about("parallelFetch", "pages", 2, 64));
        fetches.add(succeeded(0, "https://example.org/a", 0, 300, Map.of(OutcomeDetail.STATUS, 200)))
                .add(succeeded(1, "https://example.org/b", 0, 500, Map.of(OutcomeDetail.STATUS, 200)))
                .finish(2);
        PlantedRun pool = PlantedRun.begin(directory(build), "pool", about("cpuPool", "thumbnails", 60, 4));
        for (int i = 0; i < 60; i++) {
            int worker = i % 4 + 1;
            long start = i / 4 * 1_000L;
            String name = "image-" + i + ".png";
            if (i % 20 == 7) {
                pool.add(failed(
                        i, name, start, 900, ErrorType.EXIT, "exit code 3: bad marker", command(worker, 3, "bad marker")));
            } else if (i == 33) {
                pool.add(new Outcome(
                        i,
                        name,
                        OutcomeStatus.CANCELLED,
                        new BranchError(ErrorType.CANCELLED, "enough"),
                        1,
                        PlantedRun.START + start,
                        700,
                        command(worker, 143, "")));
            } else if (i == 12) {
                pool.add(retried(i, name, worker, start));
            } else {
                pool.add(succeeded(i, name, start, 900, command(worker, 0, "")));
            }
        }
        pool.finish(60);
        return build;
    }

    private static Outcome retried(int index, String name, int worker, long start) {
        List<Object> tries = List.of(
                Map.of(OutcomeDetail.TRY_START, 0, OutcomeDetail.TRY_MILLIS, 300, OutcomeDetail.TRY_ERROR, "exit", OutcomeDetail.WORKER, worker),
                Map.of(OutcomeDetail.TRY_START, 500, OutcomeDetail.TRY_MILLIS, 450, OutcomeDetail.WORKER, worker));
        Map<String, Object> details =
                Map.of(OutcomeDetail.WORKER, worker, OutcomeDetail.EXIT_CODE, 0, OutcomeDetail.STDOUT, "done", OutcomeDetail.TRIES, tries);
        return new Outcome(index, name, OutcomeStatus.SUCCEEDED, null, 2, PlantedRun.START + start, 950, details);
    }

    private static List<String> names() {
        return BROWSER.texts(".cs-branches__row .cs-name");
    }

    private static void assertQuiet() {
        assertEquals(List.of(), BROWSER.console());
    }

    private static long bars() {
        return BROWSER.number("ConcurrencySteps.current.timeline.state().timeline.bars.length");
    }

    @Test
    public void bothPoliciesAreEnforced() throws Exception {
        BROWSER.open(url(finishedBuild()));
        BROWSER.script("for (const name of ['script', 'style'])"
                + " document.head.append(Object.assign(document.createElement(name), { textContent: 'window.hacked = 1' }))");
        String violations = assertThrows(AssertionError.class, BROWSER::console).getMessage();
        assertTrue(violations, violations.contains("style-src-elem 'self'"));
        assertTrue(violations, violations.contains("script-src 'report-sample' 'self'"));
        assertNull(BROWSER.script("return window.hacked"));
    }

    @Test
    public void aFinishedBuildShowsStepsTimelineAndBranches() throws Exception {
        BROWSER.open(url(finishedBuild()));
        assertEquals(List.of("pages", "thumbnails"), BROWSER.texts(".cs-steps .cs-link"));
        assertEquals("the one with failures", "thumbnailsFinished", BROWSER.find("#cs-step-title").getText().replace("\n", ""));
        List<String> tiles = BROWSER.texts(".cs-tile");
        assertTrue(tiles.toString(), tiles.containsAll(List.of("Branches60", "Succeeded56", "Failed3", "Cancelled1", "Retried1")));
        assertEquals("a bar an attempt", 61, bars());
        assertTrue("drawn", BROWSER.number("document.querySelector('.cs-timeline canvas').height") > 200);
        assertEquals("failed first", List.of("image-7.png", "image-27.png", "image-47.png", "image-33.png"), names().subList(0, 4));
        assertEquals("a page", 25, names().size());
        BROWSER.picture("finished");
        BROWSER.find(".cs-steps [data-run=fetches]").click();
        BROWSER.await("the other step", () -> names().equals(List.of("https://example.org/a", "https://example.org/b")));
        assertEquals(2, bars());
        assertQuiet();
    }

    @Test
    public void whatIsClickedWhileAStepIsLoadedDoesNoHarm() throws Exception {
        String url = url(finishedBuild());
        gate = new CountDownLatch(1);
        try {
            BROWSER.driver().get(url);
            BROWSER.await("the steps", () -> BROWSER.find(".cs-step").isDisplayed());
            clickAt(".cs-search", ".cs-timeline__stage", "[aria-label='Zoom in']", "[aria-label='Show everything']", ".cs-filters select");
            new Actions(BROWSER.driver()).sendKeys("image", Keys.ENTER, Keys.ARROW_RIGHT).perform();
            gate.countDown();
            BROWSER.await("all branches of the first", () -> names().size() == 25);
            BROWSER.find(".cs-filters select option[value=exit]").click();
            BROWSER.await("those of one error", () -> names().size() == 3);
            gate = new CountDownLatch(1);
            BROWSER.find(".cs-steps [data-run=fetches]").click();
            clickAt(".cs-toggle", ".cs-chip[data-filter=Failed]", ".cs-search", ".cs-branches th", ".cs-timeline__stage", "[aria-label='Zoom in']");
            new Actions(BROWSER.driver()).sendKeys("image", Keys.ENTER, Keys.ARROW_RIGHT).perform();
            gate.countDown();
            BROWSER.await("the other step", () -> names().equals(List.of("https://example.org/a", "https://example.org/b")));
            assertEquals(List.of(), BROWSER.texts(".cs-branches__detail"));
            assertEquals("", BROWSER.find(".cs-search").getDomProperty("value"));
            gate = new CountDownLatch(1);
            BROWSER.find(".cs-steps [data-run=pool]").click();
            BROWSER.driver().get("about:blank");
            assertQuiet();
        } finally {
            gate.countDown();
        }
    }

    /** Clicks where something is, one after the other, whether or not it takes clicks. */
    private static void clickAt(String... places) {
        for (String css : places) {
            WebElement place = BROWSER.find(css);
            BROWSER.script("arguments[0].scrollIntoView({block: 'center'})", place);
            new Actions(BROWSER.driver()).moveToElement(place).click().perform();
        }
    }

    @Test
    public void whatDoesNotArriveIsAskedForAgain() throws Exception {
        BROWSER.open(url(finishedBuild()));
        REFUSALS.set(1);
        BROWSER.find(".cs-steps [data-run=fetches]").click();
        BROWSER.await("the other step", () -> names().equals(List.of("https://example.org/a", "https://example.org/b")));
        REFUSALS.set(1);
        BROWSER.find("[aria-label='Zoom in']").click();
        BROWSER.await("news", () -> REFUSALS.get() < 0 && !BROWSER.find(".jenkins-alert-warning").isDisplayed());
    }

    @Test
    public void anAddressMayNameAStep() throws Exception {
        BROWSER.open(url(finishedBuild()) + "#run-fetches");
        BROWSER.await("its branches", () -> names().equals(List.of("https://example.org/a", "https://example.org/b")));
        assertEquals(2, bars());
        assertQuiet();
    }

    @Test
    public void branchesAreSearchedFilteredSortedAndPaged() throws Exception {
        BROWSER.open(url(finishedBuild()));
        WebElement search = BROWSER.find(".cs-search");
        search.sendKeys("IMAGE-4");
        BROWSER.await("the search", () -> names().size() == 11 && names().contains("image-4.png"));
        search.sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
        BROWSER.await("everything", () -> names().size() == 25);
        BROWSER.find(".cs-chip[data-filter=Failed]").click();
        BROWSER.await("failed ones", () -> names().equals(List.of("image-7.png", "image-27.png", "image-47.png")));
        BROWSER.find(".cs-chip[data-filter=Retried]").click();
        BROWSER.await("retried ones", () -> names().equals(List.of("image-12.png")));
        BROWSER.find(".cs-chip[data-filter=All]").click();
        BROWSER.find(".cs-filters select option[value=cancelled]").click();
        BROWSER.await("an error type", () -> names().equals(List.of("image-33.png")));
        BROWSER.find(".cs-filters select option[value='']").click();
        BROWSER.driver().findElement(By.xpath("//th//span[text()='Duration']")).click();
        BROWSER.await("the shortest first", () -> names().get(0).equals("image-33.png"));
        BROWSER.find(".dt-paging-button.next").click();
        BROWSER.await("the next page", () -> BROWSER.texts(".dt-info").get(0).startsWith("26–50 of 60"));
        assertQuiet();
    }

    @Test
    public void aRowTellsAllAboutItsBranch() throws Exception {
        BROWSER.open(url(finishedBuild()));
        WebElement toggle = BROWSER.find(".cs-toggle[data-index='7']");
        toggle.sendKeys(Keys.ENTER);
        BROWSER.await("the details", () -> BROWSER.texts(".cs-branches__detail pre").equals(List.of("bad marker")));
        assertEquals("true", BROWSER.find(".cs-toggle[data-index='7']").getDomAttribute("aria-expanded"));
        assertTrue(BROWSER.texts(".cs-branches__detail .cs-fact").contains("Exit code3"));
        BROWSER.picture("details");
        BROWSER.find(".cs-toggle[data-index='7']").sendKeys(Keys.ENTER);
        BROWSER.await("it closed", () -> BROWSER.texts(".cs-branches__detail").isEmpty());
        assertQuiet();
    }

    @Test
    public void theTimelineIsUsedWithTheKeyboard() throws Exception {
        BROWSER.open(url(finishedBuild()));
        WebElement stage = BROWSER.find(".cs-timeline__stage");
        stage.sendKeys(Keys.ARROW_RIGHT);
        BROWSER.await("the first bar", () -> spoken().startsWith("image-0.png, succeeded, worker 1"));
        stage.sendKeys(Keys.ARROW_RIGHT);
        BROWSER.await("the next bar", () -> spoken().startsWith("image-4.png"));
        stage.sendKeys(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_DOWN);
        BROWSER.await("a lane below", () -> spoken().startsWith("image-7.png, failed (exit), worker 4"));
        stage.sendKeys("+");
        BROWSER.await("a zoom", () -> span() < 9_000 && bars() < 50);
        stage.sendKeys("0");
        BROWSER.await("everything", () -> bars() == 61);
        stage.sendKeys(Keys.ENTER);
        BROWSER.await("details of where it was", () -> BROWSER.texts(".cs-selected h4").contains("image-7.png"));
        assertEquals("image-7.png", BROWSER.driver().switchTo().activeElement().getText());
        assertQuiet();
    }

    private static String spoken() {
        return BROWSER.texts(".cs-timeline [role=status]").get(0);
    }

    private static long span() {
        return BROWSER.number("(([from, to]) => to - from)(ConcurrencySteps.current.timeline.state().view)");
    }

    @Test
    public void barsTellTheirBranchUnderTheMouseAndZoomByButtons() throws Exception {
        BROWSER.open(url(finishedBuild()));
        WebElement canvas = BROWSER.find(".cs-timeline__canvas");
        int width = canvas.getSize().getWidth();
        int height = canvas.getSize().getHeight();
        // the first bar of the first lane, from the middle of the canvas
        new Actions(BROWSER.driver())
                .moveToElement(canvas, 100 - width / 2, 18 + 44 + 8 + 13 - height / 2)
                .perform();
        BROWSER.await("a tip", () -> BROWSER.texts(".cs-tooltip__name").contains("image-0.png"));
        BROWSER.find("[aria-label='Zoom in']").click();
        BROWSER.await("a zoom", () -> span() < 9_000);
        BROWSER.find("[aria-label='Show everything']").click();
        BROWSER.await("everything", () -> span() > 14_000);
        assertQuiet();
    }

    @Test
    public void newBranchesAppearWhileTheBuildRuns() throws Exception {
        WorkflowRun build = JENKINS.start("sleep time: 1, unit: 'HOURS'");
        try (PlantedRun run = PlantedRun.begin(directory(build), "live", about("cpuPool", "live", 3, 2))) {
            run.add(succeeded(0, "first", 0, 1_000, command(1, 0, "")));
            BROWSER.open(url(build));
            BROWSER.await("the first", () -> names().equals(List.of("first")));
            assertTrue(BROWSER.texts(".cs-badge").contains("Running"));
            BROWSER.find(".cs-toggle[data-index='0']").click();
            BROWSER.await("its details", () -> !BROWSER.texts(".cs-branches__detail dl").isEmpty());
            run.add(failed(1, "second", 0, 1_500, ErrorType.EXIT, "exit code 1", command(2, 1, "")));
            long begin = System.nanoTime();
            BROWSER.await("the second", () -> names().equals(List.of("second", "first")));
            System.out.printf("a new branch was on the page after %d ms%n", (System.nanoTime() - begin) / 1_000_000);
            assertEquals("no reload closed what was open", 1, BROWSER.texts(".cs-branches__detail dl").size());
            assertEquals(2, bars());
            BROWSER.picture("running");
            run.add(succeeded(2, "third", 1_000, 1_000, command(1, 0, "")));
            run.finish(3);
            BROWSER.await("the end", () -> BROWSER.texts(".cs-step .cs-badge").contains("Finished"));
        } finally {
            build.doStop();
            JENKINS.waitForCompletion(build);
        }
        assertQuiet();
    }

    @Test
    public void whatABuildSaysIsShownAsItIs() throws Exception {
        WorkflowRun build = JENKINS.run(Result.SUCCESS, "");
        Map<String, Object> details = Map.of(
                OutcomeDetail.URL, "javascript:window.hacked=3", OutcomeDetail.BODY, MARKUP, OutcomeDetail.HEADERS, Map.of("x-" + MARKUP, MARKUP));
        PlantedRun.begin(directory(build), "evil", about("parallelFetch", MARKUP, 1, 1))
                .add(failed(0, MARKUP, 0, 100, ErrorType.STATUS, MARKUP, details))
                .finish(1);
        BROWSER.open(url(build));
        BROWSER.await("the row", () -> names().equals(List.of(MARKUP)));
        BROWSER.find(".cs-toggle").click();
        BROWSER.await("the body", () -> BROWSER.texts(".cs-branches__detail pre").equals(List.of(MARKUP)));
        BROWSER.find(".cs-timeline__stage").sendKeys(Keys.ARROW_RIGHT, Keys.ENTER);
        BROWSER.await("the bar", () -> BROWSER.texts(".cs-selected h4").contains(MARKUP));
        assertEquals("no link runs a script", 0, BROWSER.number("document.querySelectorAll('.cs-page a[href^=javascript]').length"));
        assertEquals(0, BROWSER.number("document.querySelectorAll('.cs-page img, .cs-page script').length"));
        assertEquals("undefined", BROWSER.script("return typeof window.hacked"));
        assertQuiet();
    }

    @Test
    public void downloadsArrive() throws Exception {
        BROWSER.open(url(finishedBuild()));
        BROWSER.await("the links", () -> BROWSER.texts(".cs-downloads a").equals(List.of("JSON", "CSV", "JUnit", "Job log")));
        BROWSER.driver().findElement(By.linkText("CSV")).click();
        Path csv = BROWSER.awaitDownload("thumbnails.csv");
        assertEquals(61, Files.readAllLines(csv).size());
        assertQuiet();
    }

    @Test
    public void thePageFollowsADarkTheme() throws Exception {
        BROWSER.open(url(finishedBuild()));
        String light = (String) BROWSER.script("return getComputedStyle(document.querySelector('.cs-page')).getPropertyValue('--cs-succeeded')");
        BROWSER.script("const dark = document.documentElement.style; dark.setProperty('--background', '#1b1d23');"
                + "dark.setProperty('--text-color', '#e8eaf0'); dark.setProperty('--table-background', '#24272f');"
                + "dark.setProperty('--table-body-background', '#1b1d23'); dark.setProperty('--text-color-secondary', '#a9afbd');"
                + "dark.setProperty('--input-color', '#24272f'); dark.colorScheme = 'dark';");
        BROWSER.await("darkness", () -> Boolean.TRUE.equals(
                BROWSER.script("return document.querySelector('.cs-page').classList.contains('cs-page--dark')")));
        String dark = (String) BROWSER.script("return getComputedStyle(document.querySelector('.cs-page')).getPropertyValue('--cs-succeeded')");
        assertFalse(dark, dark.equals(light));
        BROWSER.picture("dark");
        assertEquals(List.of(), BROWSER.accessibilityViolations(".cs-page"));
        assertQuiet();
    }

    @Test
    public void onPaperThereAreBarsAndBranchesWithinItsWidthAndNoControls() throws Exception {
        BROWSER.open(url(finishedBuild()));
        Dimension screen = BROWSER.driver().manage().window().getSize();
        try {
            BROWSER.driver().executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", "print"));
            BROWSER.driver().manage().window().setSize(new Dimension(720, 1000)); // A4 less its margins
            BROWSER.await("the width of paper", () -> BROWSER.number("document.querySelector('.cs-page').clientWidth") < 720);
            BROWSER.picture("print");
            assertTrue(BROWSER.find(".cs-timeline canvas").isDisplayed());
            assertTrue(BROWSER.find(".cs-branches__row").isDisplayed());
            assertFalse(BROWSER.find(".cs-filters").isDisplayed());
            assertFalse(BROWSER.find(".cs-downloads").isDisplayed());
            assertFalse(BROWSER.find(".dt-paging").isDisplayed());
            assertEquals(
                    "tables that are too wide",
                    0,
                    BROWSER.number("[...document.querySelectorAll('.cs-scroll')].filter((box) =>"
                            + " box.querySelector('table').offsetWidth > box.clientWidth + 1).length"));
        } finally {
            BROWSER.driver().executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", ""));
            BROWSER.driver().manage().window().setSize(screen);
        }
    }

    @Test
    public void axeFindsNothingSerious() throws Exception {
        BROWSER.open(url(finishedBuild()));
        BROWSER.find(".cs-toggle[data-index='7']").click();
        BROWSER.await("the details", () -> !BROWSER.texts(".cs-branches__detail pre").isEmpty());
        BROWSER.find(".cs-timeline__stage").sendKeys(Keys.ARROW_RIGHT, Keys.ENTER);
        BROWSER.await("the bar", () -> !BROWSER.texts(".cs-selected dl").isEmpty());
        assertEquals(List.of(), BROWSER.accessibilityViolations(".cs-page"));
    }

    @Test
    public void theSavedPageWorksAsAFile() throws Exception {
        WorkflowRun build = finishedBuild();
        String report = JENKINS.createWebClient()
                .withJavaScriptEnabled(false)
                .goTo(build.getUrl() + "concurrency/report")
                .getWebResponse()
                .getContentAsString();
        Path file = Files.writeString(Files.createTempDirectory("report").resolve("report.html"), report);
        BROWSER.open(file.toUri().toString());
        assertEquals(61, bars());
        assertEquals(List.of("image-7.png", "image-27.png", "image-47.png", "image-33.png"), names().subList(0, 4));
        BROWSER.find(".cs-search").sendKeys("image-4");
        BROWSER.await("the search", () -> names().size() == 11);
        BROWSER.find(".cs-toggle[data-index='47']").click();
        BROWSER.await("the details", () -> BROWSER.texts(".cs-branches__detail pre").equals(List.of("bad marker")));
        BROWSER.find(".cs-timeline__stage").sendKeys("+");
        BROWSER.await("a zoom", () -> span() < 9_000 && bars() < 50);
        BROWSER.picture("report");
        assertEquals(List.of(), BROWSER.accessibilityViolations(".cs-page"));
        assertQuiet();
    }

    @Test
    public void thePageSpeaksGerman() throws Exception {
        BROWSER.driver().executeCdpCommand("Network.enable", Map.of());
        BROWSER.driver().executeCdpCommand("Network.setExtraHTTPHeaders", Map.of("headers", Map.of("Accept-Language", "de-DE,de")));
        LocaleProvider.setProvider(new LocaleProvider() { // as Jenkins does, which tests leave out
            @Override
            public Locale get() {
                StaplerRequest2 request = Stapler.getCurrentRequest2();
                return request == null ? Locale.ENGLISH : request.getLocale();
            }
        });
        try {
            WorkflowRun build = finishedBuild();
            BROWSER.open(url(build));
            assertEquals("Nebenläufigkeit", BROWSER.find("h1").getText());
            List<String> tiles = BROWSER.texts(".cs-tile");
            assertTrue(tiles.toString(), tiles.containsAll(List.of("Zweige60", "Erfolgreich56", "Fehlgeschlagen3", "Abgebrochen1")));
            assertTrue(BROWSER.texts(".jenkins-app-bar a").contains("Als HTML speichern"));
            assertTrue(BROWSER.texts(".cs-step .cs-badge").contains("Beendet"));
            BROWSER.await("the table", () -> BROWSER.texts(".dt-info").contains("1–25 von 60"));
            BROWSER.find(".cs-toggle[data-index='7']").click();
            BROWSER.await("the details", () -> BROWSER.texts(".cs-box h4").contains("Fehlerausgabe"));
            BROWSER.find(".cs-timeline__stage").sendKeys(Keys.ARROW_RIGHT, Keys.ENTER);
            BROWSER.await("the voice", () -> spoken().startsWith("image-0.png, erfolgreich, Worker 1"));
            BROWSER.picture("german");
            BROWSER.driver().get(JENKINS.getURL() + build.getParent().getUrl());
            BROWSER.await("the chart", () -> !BROWSER.driver().findElements(By.cssSelector(".cs-trend canvas")).isEmpty());
            assertEquals(
                    "Zweige, letzte 1 Build. #1: 58 erfolgreich, 3 fehlgeschlagen, 1 abgebrochen",
                    BROWSER.find(".cs-trend__canvas").getDomAttribute("aria-label"));
            assertQuiet();
            BROWSER.driver().get(JENKINS.getURL() + "pipeline-syntax/");
            BROWSER.await("the steps", () -> BROWSER.texts("select.dropdownList option")
                    .contains("parallelFetch: Viele URLs gleichzeitig abrufen"));
            BROWSER.driver().get(JENKINS.getURL() + "descriptor/io.jenkins.plugins.concurrency.steps.pool.CpuPoolStep/help/retries");
            BROWSER.await("help", () -> BROWSER.texts("body").get(0).startsWith("Wie viele weitere Versuche"));
            BROWSER.driver().get(JENKINS.getURL() + "manage/configure");
            BROWSER.await("the form", () -> BROWSER.texts(".jenkins-form-label").stream()
                    .anyMatch(label -> label.startsWith("Heap eines Supervisors in MiB")));
        } finally {
            LocaleProvider.setProvider(LocaleProvider.DEFAULT);
            BROWSER.driver().executeCdpCommand("Network.setExtraHTTPHeaders", Map.of("headers", Map.of()));
        }
    }

    @Test
    public void theJobShowsItsTrend() throws Exception {
        WorkflowRun build = finishedBuild();
        BROWSER.driver().get(JENKINS.getURL() + build.getParent().getUrl());
        BROWSER.await("the chart", () -> !BROWSER.driver().findElements(By.cssSelector(".cs-trend canvas")).isEmpty());
        assertEquals(
                "Branches of the last 1 build. #1: 58 succeeded, 3 failed, 1 cancelled",
                BROWSER.find(".cs-trend__canvas").getDomAttribute("aria-label"));
        BROWSER.picture("trend");
        assertEquals(List.of(), BROWSER.accessibilityViolations(".cs-trend"));
        try {
            BROWSER.driver().executeCdpCommand(
                    "Emulation.setDeviceMetricsOverride", Map.of("width", 400, "height", 800, "deviceScaleFactor", 1, "mobile", false));
            BROWSER.await("the width of a telephone", () -> Boolean.TRUE.equals(BROWSER.script(
                    "const box = document.querySelector('.cs-trend canvas').getBoundingClientRect(); return box.left >= 0 && box.right <= 400")));
        } finally {
            BROWSER.driver().executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
        }
        assertQuiet();
    }
}
