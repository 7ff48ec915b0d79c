package io.jenkins.plugins.concurrency.engine.fetch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.process.Sha256;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FetchPackedTest {

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private final String text = text();
    @Rule
    public final HttpTestServer server = new HttpTestServer();

    @Rule
    public final FetchRun run = new FetchRun();

    private Path base;

    @Before
    public void start() {
        base = folder.getRoot().toPath();
    }

    @Test
    public void everyKindIsUnpackedWhereverItIsCut() throws Exception {
        serve("gzip", "gzip", gzip(text), 1);
        serve("x-gzip", "X-GZIP", gzip(text), 7);
        serve("members", "gzip", concat(gzip("first "), gzip(""), gzip("and last")), 3);
        serve("padded", "gzip", concat(gzip(text), new byte[500]), 1000);
        serve("header", "gzip", gzipWithLongHeader(text), 1);
        serve("zlib", "deflate", deflate(text, false), 5);
        serve("raw", "deflate", deflate(text, true), 1);
        serve("identity", "identity", text.getBytes(StandardCharsets.UTF_8), 4000);
        serve("empty", "gzip", new byte[0], 1);
        for (String path : new String[] {"gzip", "x-gzip", "padded", "header", "zlib", "raw", "identity"}) {
            assertEquals(path, text, body("/" + path));
        }
        assertEquals("first and last", body("/members"));
        assertEquals("", body("/empty"));
        assertEquals("gzip, deflate", server.requests.get(0).headers().get("accept-encoding"));
    }

    @Test
    public void whatGrowsWithoutMeasureEndsEvenWhereNoLimitIsGiven() throws Exception {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bomb)) {
            for (int i = 0; i < 80; i++) {
                out.write(new byte[1024 * 1024]);
            }
        }
        serve("bomb", "gzip", bomb.toByteArray(), 1000);
        run.storeIn(new BodyStorage(base.toString(), "pages", 0));
        Outcome outcome = run.fetch(server.url("/bomb"));
        assertEquals(ErrorType.TOO_LARGE, outcome.error().type());
        assertEquals("the body is larger than 64 MiB: give 'maxBytes' a higher value to allow it", outcome.error().message());
        run.storeIn(new BodyStorage(base.toString(), "pages", 80 * 1024 * 1024));
        assertEquals(OutcomeStatus.SUCCEEDED, run.fetch(server.url("/bomb")).status());
    }

    @Test
    public void sizeAndChecksumAreThoseOfTheContent() throws Exception {
        serve("gzip", "gzip", gzip(text), 1000);
        run.storeIn(new BodyStorage(base.toString(), "pages", text.length()));
        Map<String, Object> details = run.fetch(server.url("/gzip")).details();
        assertEquals(sha256(text.getBytes(StandardCharsets.UTF_8)), details.get(OutcomeDetail.SHA256));
        assertEquals((long) text.length(), details.get(OutcomeDetail.BYTES));
        assertEquals(text, Files.readString(base.resolve("pages/gzip")));
    }

    @Test
    public void aBombIsTooLarge() throws Exception {
        byte[] bomb = gzip("\0".repeat(20_000_000));
        assertTrue("sent: " + bomb.length, bomb.length < 30_000);
        serve("bomb", "gzip", bomb, 10_000);
        Outcome asText = run.fetch(server.url("/bomb"));
        assertEquals(ErrorType.TOO_LARGE, asText.error().type());
        run.storeIn(new BodyStorage(base.toString(), "pages", 10_000_000));
        Outcome asFile = run.fetch(server.url("/bomb"));
        assertEquals(ErrorType.TOO_LARGE, asFile.error().type());
        try (Stream<Path> files = Files.walk(base)) {
            assertFalse(files.anyMatch(Files::isRegularFile));
        }
    }

    @Test
    public void aBombAsErrorPageIsOnlyShown() throws Exception {
        byte[] bomb = gzip("a".repeat(20_000_000));
        server.on("error", (request, to) -> to.head(500, "Content-Encoding: gzip", "Content-Length: " + bomb.length)
                .send(bomb));
        Outcome outcome = run.fetch(server.url("/error"));
        assertEquals(ErrorType.STATUS, outcome.error().type());
        assertEquals("a".repeat(4096) + "…", outcome.details().get(OutcomeDetail.BODY));
    }

    @Test
    public void brokenOnesAreTheServersFault() throws Exception {
        byte[] whole = gzip(text);
        byte[] wrongSum = whole.clone();
        wrongSum[whole.length - 8] ^= 1;
        byte[] wrongContent = whole.clone();
        Arrays.fill(wrongContent, 100, 200, (byte) 0xff);
        serve("cut", "gzip", Arrays.copyOf(whole, whole.length - 100), 100);
        serve("no-trailer", "gzip", Arrays.copyOf(whole, whole.length - 3), 100);
        serve("sum", "gzip", wrongSum, 100);
        serve("content", "gzip", wrongContent, 100);
        serve("plain", "gzip", text.getBytes(StandardCharsets.UTF_8), 100);
        serve("zlib", "deflate", Arrays.copyOf(deflate(text, false), 100), 10);
        run.storeIn(new BodyStorage(base.toString(), "pages", 0));
        run.retry = new RetryPolicy(1, Duration.ZERO);
        for (String path : new String[] {"cut", "no-trailer", "sum", "content", "plain", "zlib"}) {
            Outcome outcome = run.fetch(server.url("/" + path));
            assertEquals(path, ErrorType.PROTOCOL, outcome.error().type());
            assertTrue(outcome.error().message(), outcome.error().message().contains("compressed body that is damaged"));
            assertEquals(2, outcome.attempts());
        }
        try (Stream<Path> files = Files.walk(base)) {
            assertFalse(files.anyMatch(Files::isRegularFile));
        }
    }

    @Test
    public void codingsThatNobodyAskedForAreRefused() throws Exception {
        serve("br", "br", new byte[10], 10);
        serve("twice", "gzip, br", gzip(text), 1000);
        run.retry = new RetryPolicy(3, Duration.ZERO);
        for (String path : new String[] {"br", "twice"}) {
            Outcome outcome = run.fetch(server.url("/" + path));
            assertEquals(path, ErrorType.PROTOCOL, outcome.error().type());
            assertTrue(outcome.error().message(), outcome.error().message().contains("set an Accept-Encoding header"));
            assertEquals(1, outcome.attempts());
        }
    }

    @Test
    public void codingsMayBeSeveralInOneLineOrMore() throws Exception {
        byte[] twice = gzip(gzip(text));
        serve("list", "gzip, identity, GZIP", twice, 7);
        serve("lines", "gzip\r\nContent-Encoding: x-gzip", twice, 1);
        serve("thrice", "deflate, gzip\r\nContent-Encoding: gzip", gzip(gzip(deflate(text, true))), 100);
        for (String path : new String[] {"list", "lines", "thrice"}) {
            assertEquals(path, text, body("/" + path));
        }
        serve("cut", "gzip, gzip", gzip(Arrays.copyOf(gzip(text), 500)), 100);
        assertEquals(ErrorType.PROTOCOL, run.fetch(server.url("/cut")).error().type());
    }

    @Test
    public void whatIsPackedTwiceMayNotGrowBeyondMeasureInBetween() throws Exception {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bomb)) {
            byte[] nothing = gzip("");
            for (int i = 0; i < 2 * 1024 * 1024 / nothing.length; i++) {
                out.write(nothing);
            }
        }
        serve("bomb", "gzip, gzip", bomb.toByteArray(), 10_000);
        run.storeIn(new BodyStorage(base.toString(), "pages", 1_000_000));
        assertTrue(run.fetch(server.url("/bomb")).error().message().contains("far too large when decompressed"));
    }

    @Test
    public void aPackedFileStaysOne() throws Exception {
        byte[] packed = gzip(text);
        String sum = sha256(packed);
        String type = "gzip\r\nContent-Type: application/gzip";
        serve("a.tar.gz", "x-gzip", packed, 1000);
        serve("download", type, packed, 1000);
        serve("sum", "gzip", packed, 1000);
        serve("b.br", "br", packed, 1000);
        serve("twice.tgz", "gzip, gzip", gzip(packed), 1000);
        server.on("to", (request, to) -> to.redirect(302, "/a.tar.gz"));
        server.on("range", (request, to) ->
                to.head(206, "Content-Encoding: gzip", "Content-Range: bytes 0-9/999", "Content-Length: 10").body(10));
        run.storeIn(new BodyStorage(base.toString(), null, 0));
        String[] requests = {
            "'/a.tar.gz','file':'f'", "'/sum','file':'f.tgz'", "'/download','file':'f'", "'/b.br','file':'f'",
            "'/twice.tgz','file':'f'", "'/to','file':'f'", "'/sum','file':'f','sha256':'" + sum + "'"
        };
        for (String request : requests) {
            server.requests.clear();
            Outcome outcome = run.fetch(Branches.json("{'url':" + request.replaceFirst("'", "'" + server.url("")) + "}"));
            assertEquals(request + outcome.error(), sum, outcome.details().get(OutcomeDetail.SHA256));
            String asked = server.requests.get(server.requests.size() - 1).headers().get("accept-encoding");
            assertEquals(request, request.contains("download") ? "gzip, deflate" : "identity", asked);
        }
        Outcome range = run.fetch(Branches.json("{'url':'" + server.url("/range") + "','headers':{'Range':'bytes=0-9'}}"));
        assertEquals("x".repeat(10), range.details().get(OutcomeDetail.BODY));
        // as text, and in files that are not packed themselves, it has to be readable
        assertEquals(text, body("/a.tar.gz"));
        run.fetch(Branches.json("{'url':'" + server.url("/sum") + "','file':'f'}"));
        assertEquals(text, Files.readString(base.resolve("f")));
    }

    @Test
    public void whoAsksForACodingGetsItAsItIs() throws Exception {
        byte[] packed = gzip(text);
        serve("gzip", "gzip", packed, 1000);
        run.storeIn(new BodyStorage(base.toString(), null, 0));
        run.fetch(Branches.json(
                "{'url':'" + server.url("/gzip") + "','file':'a.gz','headers':{'accept-encoding':'gzip'}}"));
        assertTrue(Arrays.equals(packed, Files.readAllBytes(base.resolve("a.gz"))));
        assertEquals("gzip", server.requests.get(0).headers().get("accept-encoding"));
    }

    private Object body(String path) throws Exception {
        Outcome outcome = run.fetch(server.url(path));
        assertEquals(path + ": " + outcome.error(), null, outcome.error());
        return outcome.details().get(OutcomeDetail.BODY);
    }

    /** In chunks of so many bytes. */
    private void serve(String path, String coding, byte[] packed, int piece) {
        server.on(path, (request, to) -> {
            to.head(200, "Content-Encoding: " + coding, "Transfer-Encoding: chunked");
            for (int i = 0; i < packed.length; i += piece) {
                byte[] part = Arrays.copyOfRange(packed, i, Math.min(packed.length, i + piece));
                to.send(Integer.toHexString(part.length) + "\r\n").send(part).send("\r\n");
            }
            to.send("0\r\n\r\n");
        });
    }

    private static String text() {
        Random random = new Random(7);
        StringBuilder text = new StringBuilder();
        while (text.length() < 2_000) {
            text.append(random.nextInt(100_000)).append(' ');
        }
        return text.toString();
    }

    private static String sha256(byte[] content) {
        Sha256 hash = new Sha256();
        hash.update(ByteBuffer.wrap(content));
        return hash.hex();
    }

    private static byte[] gzip(String content) throws IOException {
        return gzip(content.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    /** With extra field, name, comment and a checksum of the header, none of which is looked at. */
    private static byte[] gzipWithLongHeader(String content) throws IOException {
        byte[] plain = gzip(content);
        byte[] header = Arrays.copyOf(plain, 10);
        header[3] = 2 | 4 | 8 | 16;
        byte[] fields = {3, 0, 1, 2, 3, 'n', 'a', 0, 'c', 0, 9, 9};
        return concat(header, fields, Arrays.copyOfRange(plain, 10, plain.length));
    }

    private static byte[] deflate(String content, boolean raw) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, raw);
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, deflater)) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
