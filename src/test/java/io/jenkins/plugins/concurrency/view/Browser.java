package io.jenkins.plugins.concurrency.view;

import static org.junit.Assert.assertFalse;

import io.jenkins.plugins.concurrency.fixture.Await;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Assume;
import org.junit.rules.ExternalResource;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A headless Chromium of the machine's own; tests are skipped with a message where there is none. A Jenkins that starts
 * after it enforces its Content-Security-Policy, which nothing that a test does may violate.
 */
public final class Browser extends ExternalResource {

    static final String POLICY_HEADER = "Content-Security-Policy";

    private static final String HEADER_OF_JENKINS = "jenkins.security.csp.CspHeader.headerName";

    private static final Duration PATIENCE = Duration.ofSeconds(Await.PATIENCE_SECONDS);

    private ChromeDriver driver;
    private Path downloads;

    @Override
    protected void before() throws IOException {
        String chromium = program("chromium", "chromium-browser", "google-chrome");
        String chromedriver = program("chromedriver");
        Assume.assumeTrue("skipped: no Chromium on the PATH", chromium != null);
        Assume.assumeTrue("skipped: no chromedriver on the PATH", chromedriver != null);
        downloads = Files.createTempDirectory("downloads");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium);
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
                "--force-prefers-reduced-motion",
                "--window-size=1400,1600");
        options.setExperimentalOption(
                "prefs", Map.of("download.default_directory", downloads.toString(), "intl.accept_languages", "en"));
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File(chromedriver))
                .usingAnyFreePort()
                .build();
        driver = new ChromeDriver(service, options);
        driver.manage().window().setSize(new Dimension(1400, 1600));
        System.setProperty(HEADER_OF_JENKINS, POLICY_HEADER);
    }

    @Override
    protected void after() {
        System.clearProperty(HEADER_OF_JENKINS);
        if (driver != null) {
            try {
                console();
            } finally {
                driver.quit();
            }
        }
    }

    private static String program(String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse(null);
    }

    public ChromeDriver driver() {
        return driver;
    }

    /** Opens a page and waits until it shows what it asked for first. */
    void open(String url) {
        driver.get("about:blank"); // so that an address that differs only behind # is loaded too
        driver.get(url);
        await("the page", () -> Boolean.TRUE.equals(
                script("return document.getElementById('concurrency')?.dataset.ready === 'true'")));
    }

    public Object script(String source, Object... arguments) {
        return driver.executeScript(source, arguments);
    }

    public long number(String source, Object... arguments) {
        return ((Number) script("return " + source, arguments)).longValue();
    }

    public WebElement find(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    public List<String> texts(String css) {
        return driver.findElements(By.cssSelector(css)).stream()
                .map(element -> element.getDomProperty("textContent").strip())
                .collect(Collectors.toList());
    }

    /** Waits for something that the page will do by itself. */
    public void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!holds(condition)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited in vain for " + what + "; console: " + newLines());
            }
            Thread.onSpinWait();
        }
    }

    /**
     * Waits until Jenkins has checked the fields of a new form. It does so one after the other, and would replace what it has said
     * about a text that was typed meanwhile.
     */
    public void awaitChecks() {
        await("the checks of a form", () -> Boolean.TRUE.equals(
                script("return FormChecker.inProgress === 0 && FormChecker.queue.length === 0")));
    }

    /** A row may be made anew between its being found and its being looked at. */
    private static boolean holds(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (org.openqa.selenium.StaleElementReferenceException | org.openqa.selenium.NoSuchElementException e) {
            return false;
        }
    }

    /** What the page said on the console since the last time; violations of its Content-Security-Policy are errors. */
    public List<String> console() {
        List<String> lines = newLines();
        assertFalse(lines.toString(), lines.toString().contains("Content Security Policy"));
        return lines;
    }

    private List<String> newLines() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::toString)
                .collect(Collectors.toList());
    }

    /** Awaits a download whose file name ends so. Until it is whole its place is held by an empty file. */
    Path awaitDownload(String end) {
        AtomicReference<Path> arrived = new AtomicReference<>();
        await("the file", () -> {
            for (File file : downloads.toFile().listFiles((folder, name) -> name.endsWith(end))) {
                if (file.length() > 0) {
                    arrived.set(file.toPath());
                }
            }
            return arrived.get() != null;
        });
        return arrived.get();
    }

    /**
     * Serious violations that axe finds in a part of the page.
     *
     * @param others parts of it that are not this plugin's
     */
    @SuppressWarnings("unchecked") // the script returns a list of texts
    public List<String> accessibilityViolations(String css, String... others) throws IOException {
        try (InputStream axe = Browser.class.getResourceAsStream("/axe.min.js")) {
            script(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        }
        driver.manage().timeouts().scriptTimeout(PATIENCE);
        Object found = driver.executeAsyncScript(
                """
                const done = arguments[2];
                axe.run({ include: [arguments[0]], exclude: arguments[1].map((css) => [css]) }, { resultTypes: ["violations"] }).then(
                  (results) => done(results.violations
                    .filter((rule) => ["serious", "critical"].includes(rule.impact))
                    .map((rule) => rule.id + ": " + rule.help + " " +
                      rule.nodes.slice(0, 3).map((node) => node.html + " " + node.failureSummary).join("; "))),
                  (error) => done(["axe failed: " + error]));
                """,
                css,
                List.of(others));
        return (List<String>) found;
    }

    /** Keeps a picture of the page for who looks into the tests' results. */
    public void picture(String name) throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "screenshots"));
        Files.write(folder.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }
}
