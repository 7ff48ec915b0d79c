package io.jenkins.plugins.concurrency.engine.fetch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.engine.fetch.file.FileName;
import io.jenkins.plugins.concurrency.engine.fetch.file.TargetFiles;
import io.jenkins.plugins.concurrency.engine.fetch.http.FetchUrl;
import io.jenkins.plugins.concurrency.fixture.TestJvm;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Names of files where the locale of a process has ASCII only. */
public class PosixLocaleTest {

    private static final String URL = "http://example.org/gr%C3%BC%C3%9Fe.html?q=%E5%AD%97";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    /** Says what becomes of a name of a URL, and of one that was given. */
    public static void main(String[] args) throws Exception {
        TargetFiles files = new TargetFiles(Path.of(args[0]), "run");
        System.out.println(files.target(FileName.of(FetchUrl.parse(URL)).toString(), 0).name());
        try {
            files.target("\u00fc.txt", 0);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
    }

    @Test
    public void aUrlsNameIsOneThatTheLocaleCanWriteAndAGivenOneIsRefusedWithTheReason() throws Exception {
        assumeTrue("needs a POSIX system", File.separatorChar == '/');
        ProcessBuilder builder = TestJvm.of(PosixLocaleTest.class, folder.getRoot().toString());
        builder.environment().put("LC_ALL", "C");
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        List<String> said = process.inputReader().lines().toList();
        assertEquals(said.toString(), 0, process.waitFor());
        assertEquals("gr__e_q=_.html", said.get(0));
        assertTrue(said.get(1), said.get(1).contains("in this agent's locale ("));
    }
}
