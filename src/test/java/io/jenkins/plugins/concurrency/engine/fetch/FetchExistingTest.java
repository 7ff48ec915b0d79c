package io.jenkins.plugins.concurrency.engine.fetch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.fetch.file.OnExisting;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.process.Sha256;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What becomes of files that are there already. */
public class FetchExistingTest {

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final HttpTestServer server = new HttpTestServer();

    @Rule
    public final FetchRun run = new FetchRun();

    private Path base;
    private String version = "one";
    private String[] validators = {"ETag: \"one\""};

    @Before
    public void start() throws Exception {
        server.on("page", (request, to) -> {
            boolean same = ("\"" + version + "\"").equals(request.headers().get("if-none-match"))
                    || "Tue, 01 Oct 2024 10:00:00 GMT".equals(request.headers().get("if-modified-since"));
            if (same) {
                to.head(304, validators);
            } else {
                to.respond(200, "text/plain", "content " + version, validators);
            }
        });
        base = folder.getRoot().toPath();
    }

    @Test
    public void skipKeepsWhatIsThere() throws Exception {
        existing(OnExisting.SKIP);
        Files.createDirectories(base.resolve("d"));
        Files.writeString(base.resolve("d/page"), "mine");
        Map<String, Object> details = fetch().details();
        assertEquals(true, details.get(OutcomeDetail.KEPT));
        assertEquals(4L, details.get(OutcomeDetail.BYTES));
        assertEquals("d/page", details.get(OutcomeDetail.PATH));
        assertNull(details.get(OutcomeDetail.STATUS));
        assertEquals(0, server.requests.size());
        Files.delete(base.resolve("d/page"));
        assertNull(fetch().details().get(OutcomeDetail.KEPT));
        assertEquals("content one", Files.readString(base.resolve("d/page")));
    }

    /** Apache's mod_deflate does so. */
    @Test
    public void revalidateWorksWithTagsOfWhatIsPackedOnItsWay() throws Exception {
        for (String weak : new String[] {"", "W/"}) {
            validators = new String[] {"ETag: " + weak + "\"37e1e-6475-gzip\""};
            server.on("page", (request, to) -> {
                String asked = request.headers().getOrDefault("if-none-match", "");
                if (asked.matches("(.*, *)?" + weak + "\"37e1e-6475\"(,.*)?")) {
                    to.head(304, validators);
                } else {
                    to.respond(200, "text/plain", "content", validators);
                }
            });
            existing(OnExisting.REVALIDATE);
            Files.deleteIfExists(base.resolve("d/page"));
            assertNull(fetch().details().get(OutcomeDetail.KEPT));
            assertEquals(true, fetch().details().get(OutcomeDetail.KEPT));
        }
    }

    @Test
    public void skipFetchesWhatHasNotTheChecksum() throws Exception {
        existing(OnExisting.SKIP);
        Files.createDirectories(base.resolve("d"));
        Files.writeString(base.resolve("d/page"), "damaged");
        FetchBranch branch =
                Branches.json("{'url':'" + server.url("/page") + "','sha256':'" + sha256("content one") + "'}");
        Outcome fetched = run.fetch(branch);
        assertNull(fetched.details().get(OutcomeDetail.KEPT));
        assertEquals("content one", Files.readString(base.resolve("d/page")));
        Outcome kept = run.fetch(branch);
        assertEquals(true, kept.details().get(OutcomeDetail.KEPT));
        assertEquals(sha256("content one"), kept.details().get(OutcomeDetail.SHA256));
        assertEquals(1, server.requests.size());
    }

    @Test
    public void skipDoesNotTakeALinkForAFile() throws Exception {
        existing(OnExisting.SKIP);
        Files.createDirectories(base.resolve("d"));
        Files.writeString(base.resolve("elsewhere"), "mine");
        Files.createSymbolicLink(base.resolve("d/page"), base.resolve("elsewhere"));
        assertNull(fetch().details().get(OutcomeDetail.KEPT));
        assertEquals("mine", Files.readString(base.resolve("elsewhere")));
        assertFalse(Files.isSymbolicLink(base.resolve("d/page")));
    }

    @Test
    public void revalidateDoesNotTakeAnotherVariantForTheSame() throws Exception {
        existing(OnExisting.REVALIDATE);
        String url = server.url("/page");
        FetchBranch german = Branches.json("{'url':'" + url + "','headers':{'Accept-Language':'de'}}");
        run.fetch(german);
        FetchBranch french = Branches.json("{'url':'" + url + "','headers':{'Accept-Language':'fr'}}");
        assertNull(run.fetch(french).details().get(OutcomeDetail.KEPT));
        FetchBranch sameWithSecret =
                Branches.json("{'url':'" + url + "','headers':{'accept-language':'fr','Authorization':'Bearer x'}}");
        assertEquals(true, run.fetch(sameWithSecret).details().get(OutcomeDetail.KEPT));
    }

    @Test
    public void revalidateAsksAndKeepsWhatHasNotChanged() throws Exception {
        existing(OnExisting.REVALIDATE);
        assertNull(fetch().details().get(OutcomeDetail.KEPT));
        Map<String, Object> details = fetch().details();
        assertEquals(true, details.get(OutcomeDetail.KEPT));
        assertEquals(304, details.get(OutcomeDetail.STATUS));
        assertEquals((long) "content one".length(), details.get(OutcomeDetail.BYTES));
        assertEquals(sha256("content one"), details.get(OutcomeDetail.SHA256));
        assertEquals("d/page", details.get(OutcomeDetail.PATH));
        version = "two";
        validators = new String[] {"ETag: \"two\""};
        assertNull(fetch().details().get(OutcomeDetail.KEPT));
        assertEquals("content two", Files.readString(base.resolve("d/page")));
        assertEquals(true, fetch().details().get(OutcomeDetail.KEPT));
        assertEquals(4, server.requests.size());
    }

    @Test
    public void revalidateByDate() throws Exception {
        existing(OnExisting.REVALIDATE);
        validators = new String[] {"Last-Modified: Tue, 01 Oct 2024 10:00:00 GMT"};
        fetch();
        assertEquals(true, fetch().details().get(OutcomeDetail.KEPT));
    }

    @Test
    public void revalidateDoesNotTrustWhatWasModifiedJustBefore() throws Exception {
        existing(OnExisting.REVALIDATE);
        String modified = "Last-Modified: Tue, 01 Oct 2024 10:00:00 GMT";
        validators = new String[] {"ETag: \"one\"", modified, "Date: Tue, 01 Oct 2024 10:00:01 GMT"};
        fetch();
        assertNull(fetch().details().get(OutcomeDetail.KEPT));
        validators = new String[] {"ETag: \"one\"", modified, "Date: Tue, 01 Oct 2024 10:00:02 GMT"};
        fetch();
        assertEquals(true, fetch().details().get(OutcomeDetail.KEPT));
    }

    @Test
    public void revalidateFetchesWhatSomebodyHasChangedOrRemoved() throws Exception {
        existing(OnExisting.REVALIDATE);
        fetch();
        Files.writeString(base.resolve("d/page"), "content ONE");
        Files.setLastModifiedTime(base.resolve("d/page"), FileTime.fromMillis(1_000_000));
        assertNull(fetch().details().get(OutcomeDetail.KEPT));
        assertEquals("content one", Files.readString(base.resolve("d/page")));
        Files.delete(base.resolve("d/page"));
        assertNull(fetch().details().get(OutcomeDetail.KEPT));
        Files.writeString(base.resolve("d/.page.validators"), "rubbish");
        assertNull(fetch().details().get(OutcomeDetail.KEPT));
        assertTrue(server.requests.stream().noneMatch(request -> request.headers().containsKey("if-none-match")));
    }

    @Test
    public void revalidateNeedsTheSameUrlAndChecksum() throws Exception {
        existing(OnExisting.REVALIDATE);
        fetch();
        run.fetch(Branches.json("{'url':'" + server.url("/page?x") + "','file':'page'}"));
        assertNull(server.requests.get(1).headers().get("if-none-match"));
        Outcome outcome = run.fetch(Branches.json(
                "{'url':'" + server.url("/page?x") + "','file':'page','sha256':'" + sha256("other") + "'}"));
        assertNull(server.requests.get(2).headers().get("if-none-match"));
        assertEquals(OutcomeStatus.FAILED, outcome.status());
    }

    @Test
    public void overwriteAsksNothing() throws Exception {
        existing(OnExisting.OVERWRITE);
        fetch();
        fetch();
        assertEquals(2, server.requests.size());
        assertFalse(Files.exists(base.resolve("d/.page.validators")));
    }

    private void existing(OnExisting onExisting) {
        run.storeIn(new BodyStorage(base.toString(), "d", 0, onExisting));
    }

    private Outcome fetch() throws Exception {
        Outcome outcome = run.fetch(server.url("/page"));
        assertEquals(String.valueOf(outcome.error()), OutcomeStatus.SUCCEEDED, outcome.status());
        return outcome;
    }

    private static String sha256(String content) {
        Sha256 hash = new Sha256();
        hash.update(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
        return hash.hex();
    }
}
