package io.jenkins.plugins.concurrency.engine.run;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.fetch.FetchBranch;
import io.jenkins.plugins.concurrency.engine.fetch.FetchSettings;
import io.jenkins.plugins.concurrency.engine.fetch.UniqueFileNames;
import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.fetch.FetchSettings;
import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.run.file.BranchFile;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSource;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class UrlsFileTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private List<String> convert(String text) throws IOException {
        Path urls = folder.getRoot().toPath().resolve("urls.txt");
        Path branches = folder.getRoot().toPath().resolve("branches.ndjson");
        Files.writeString(urls, text);
        convert(urls, branches);
        return Files.readAllLines(branches);
    }

    private static void convert(Path urls, Path branches) throws IOException {
        try (InputStream list = Files.newInputStream(urls)) {
            ListFile.convertUrls(list, SecretMask.NONE, branches);
        }
    }

    @Test
    public void aLineIsAUrlOrAnObject() throws IOException {
        assertEquals(
                List.of(
                        "{\"name\":\"http://a/\",\"url\":\"http://a/\"}",
                        "{\"name\":\"b\",\"url\":\"http://b/\",\"method\":\"POST\"}",
                        "{\"name\":\"http://a/ #3\",\"url\":\"http://a/\"}"),
                convert("\uFEFF# list\nhttp://a/\r\n\n  {\"url\":\"http://b/\",\"name\":\"b\",\"method\":\"POST\"}\nhttp://a/\n"));
    }

    @Test
    public void anEmptyFileHasNoBranches() throws IOException {
        assertEquals(List.of(), convert("\n# nothing\n"));
    }

    @Test
    public void aBadLineIsNamed() {
        IOException noUrl = assertThrows(IOException.class, () -> convert("http://a/\n{\"name\":\"x\"}\n"));
        assertEquals("urlsFile: line 2: 'url' is missing", noUrl.getMessage());
        IOException twice = assertThrows(
                IOException.class, () -> convert("{\"url\":\"u\",\"name\":\"x\"}\n{\"url\":\"v\",\"name\":\"x\"}"));
        assertEquals("urlsFile: line 2: 'x' is given twice", twice.getMessage());
    }

    @Test
    public void unknownKeysAndWrongTypesAreNamed() {
        IOException unknown = assertThrows(IOException.class, () -> convert("{\"url\":\"u\",\"metod\":\"x\"}"));
        assertTrue(unknown.getMessage(), unknown.getMessage().startsWith("urlsFile: line 1: unknown key 'metod'"));
        IOException wrong = assertThrows(IOException.class, () -> convert("{\"url\":\"u\",\"headers\":\"oops\"}"));
        assertEquals("urlsFile: line 1: 'headers' is not a Map: oops", wrong.getMessage());
    }

    @Test
    public void aMissingFileIsNamed() {
        Path missing = folder.getRoot().toPath().resolve("none.txt");
        WorkSpec work = new WorkSpec.Fetch(FetchSettings.standard(new BodyStorage(null, null, 0)), missing.toString());
        RunFiles run = new RunFiles(folder.getRoot().toPath());
        IOException thrown = assertThrows(
                IOException.class,
                () -> ListFile.convert(run, work, SecretMask.NONE, file -> Files.newInputStream(Path.of(file))));
        assertTrue(thrown.getMessage(), thrown.getMessage().startsWith("urlsFile: there is no file "));
    }

    @Test
    public void linesThatNeverEndAndWhatIsNoText() throws IOException {
        String endless = "http://a/\nhttp://b/" + "b".repeat(9 * 1024 * 1024);
        IOException tooLong = assertThrows(IOException.class, () -> convert(endless));
        assertEquals("urlsFile: after line 1: a line is longer than 8388608 characters", tooLong.getMessage());
        Path latin = folder.getRoot().toPath().resolve("latin.txt");
        Files.write(latin, new byte[] {'h', 't', 't', 'p', (byte) 0xe9, '\n'});
        IOException noText = assertThrows(IOException.class, () -> convert(latin, latin.resolveSibling("b")));
        assertEquals("urlsFile: it is not UTF-8", noText.getMessage());
    }

    @Test
    public void manyLinesAreStreamed() throws IOException {
        int lines = 300_000;
        Path urls = folder.getRoot().toPath().resolve("urls.txt");
        Path branches = folder.getRoot().toPath().resolve("branches.ndjson");
        try (BufferedWriter out = Files.newBufferedWriter(urls)) {
            for (int i = 0; i < lines; i++) {
                out.write("http://example.org/some/path/of/usual/length/page-" + i + ".html?query=" + i + "\n");
            }
        }
        convert(urls, branches);
        UniqueFileNames names = new UniqueFileNames(FetchSettings.standard(new BodyStorage("/base", "pages", 0)));
        long before = usedMemory();
        int read = 0;
        try (BranchSource<FetchBranch> source = BranchFile.read(branches, names::read, index -> false)) {
            for (FetchBranch branch = source.next(); branch != null; branch = source.next()) {
                assertEquals(read++, branch.index());
            }
        }
        long each = (usedMemory() - before) / lines;
        assertEquals(lines, read);
        assertTrue("bytes for each URL: " + each, each < 50);
        // and they are still in use
        assertTrue(names.named(FetchBranch.of(lines, "http://example.org/page-0.html?query=0")).file().contains("-" + lines));
    }

    private static long usedMemory() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
