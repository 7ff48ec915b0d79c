package io.jenkins.plugins.concurrency.engine.fetch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;

/** Whatever a server does wrong ends as exactly one type of error, with a message that says it, and no file. */
@RunWith(Parameterized.class)
public class FetchFaultsTest {

    private static final boolean RETRIED = true;
    private static final boolean FINAL = false;

    @ClassRule
    public static final HttpTestServer SERVER = new HttpTestServer();

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    @Parameter(0)
    public String path;

    @Parameter(1)
    public ErrorType type;

    @Parameter(2)
    public String message;

    @Parameter(3)
    public boolean retried;

    private Path base;

    @Parameters(name = "{0}")
    public static List<Object[]> faults() {
        return List.of(
                fault("/close-before", ErrorType.CONNECT, "closed before the response", RETRIED),
                fault("/reset-before", ErrorType.CONNECT, "reset before the response", RETRIED),
                fault("/close-in-head", ErrorType.CONNECT, "closed within the head of the response", RETRIED),
                fault("/close-in-header", ErrorType.CONNECT, "closed within the head of the response", RETRIED),
                fault("/truncated", ErrorType.CONNECT, "closed after 512 of 1024 bytes", RETRIED),
                fault("/truncated-chunk", ErrorType.CONNECT, "closed after 9 bytes", RETRIED),
                fault("/missing-last-chunk", ErrorType.CONNECT, "closed after", RETRIED),
                fault("/reset-in-body", ErrorType.CONNECT, "of 100000 bytes", RETRIED),
                fault("/bad-chunk-size", ErrorType.PROTOCOL, "malformed chunked body", RETRIED),
                fault("/negative-chunk-size", ErrorType.PROTOCOL, "sent", RETRIED),
                fault("/long-chunk", ErrorType.PROTOCOL, "malformed chunked body", RETRIED),
                fault("/bad-length", ErrorType.PROTOCOL, "invalid response", RETRIED),
                fault("/garbage", ErrorType.PROTOCOL, "invalid response", RETRIED),
                fault("/endless-header", ErrorType.PROTOCOL, "head that is too large", RETRIED),
                fault("/endless-headers", ErrorType.PROTOCOL, "head that is too large", RETRIED),
                fault("/many-headers", ErrorType.PROTOCOL, "head that is too large", RETRIED),
                fault("/endless-hints", ErrorType.PROTOCOL, "more than 100 interim responses", RETRIED),
                fault("/endless-continue", ErrorType.PROTOCOL, "more than 100 interim responses", RETRIED),
                fault("/endless-body", ErrorType.TOO_LARGE, "larger than 1 MiB", FINAL),
                fault("/endless-error", ErrorType.STATUS, "HTTP 500", RETRIED),
                fault("/ok/1048577", ErrorType.TOO_LARGE, "larger than 1 MiB", FINAL),
                fault("/circle/0", ErrorType.PROTOCOL, "stopped after 10 redirects", FINAL),
                fault("/status/404", ErrorType.STATUS, "HTTP 404 Not Found", FINAL),
                fault("/status/403", ErrorType.STATUS, "HTTP 403 Forbidden", FINAL),
                fault("/status/503", ErrorType.STATUS, "HTTP 503 Service Unavailable", RETRIED),
                fault("/status/429", ErrorType.STATUS, "HTTP 429 Too Many Requests", RETRIED),
                fault("/status/799", ErrorType.STATUS, "HTTP 799", FINAL));
    }

    private static Object[] fault(String path, ErrorType type, String message, boolean retried) {
        return new Object[] {path, type, message, retried};
    }

    @Before
    public void makeBase() {
        base = folder.getRoot().toPath();
    }

    @Test
    public void asText() throws Exception {
        try (FetchRun run = new FetchRun()) {
            check(run.fetch(SERVER.url(path)), 1);
        }
    }

    @Test
    public void toFile() throws Exception {
        try (FetchRun run = new FetchRun()) {
            run.storeIn(new BodyStorage(base.toString(), "pages", 1024 * 1024));
            check(run.fetch(SERVER.url(path)), 1);
            assertEquals("no file, no temporary file", List.of(), files());
        }
    }

    @Test
    public void retriedOnlyIfThatMakesSense() throws Exception {
        try (FetchRun run = new FetchRun()) {
            run.retry = new RetryPolicy(1, Duration.ZERO);
            check(run.fetch(SERVER.url(path)), retried ? 2 : 1);
        }
    }

    private void check(Outcome outcome, int attempts) {
        assertEquals(String.valueOf(outcome.error()), type, outcome.error().type());
        assertTrue(outcome.error().message(), outcome.error().message().contains(message));
        assertEquals("one line", -1, outcome.error().message().indexOf('\n'));
        assertEquals(attempts, outcome.attempts());
    }

    private List<Path> files() throws Exception {
        try (Stream<Path> files = Files.walk(base)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
