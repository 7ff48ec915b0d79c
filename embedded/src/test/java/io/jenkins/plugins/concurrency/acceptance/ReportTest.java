package io.jenkins.plugins.concurrency.acceptance;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

/** The build page as a file, which a build leaves. That it works in a browser is tested with the page itself. */
public class ReportTest {

    private static final String SCRIPT =
            "node { cpuPool name: 'two </script>', tasks: [good: 'echo fine', bad: 'echo why >&2; exit 3'], onFailure: 'ignore' }";

    @Rule
    public final Timeout timeout = Timeout.seconds(180);

    @Rule
    public final Builds builds = new Builds();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void theReportIsWrittenWhereItIsWantedAndNeedsNoOtherFile() throws Exception {
        Path file = folder.getRoot().toPath().resolve("new folder/report.html");
        Path jenkinsfile = Files.writeString(folder.getRoot().toPath().resolve("two.Jenkinsfile"), SCRIPT);
        Builds.Build build = builds.run(jenkinsfile, "--report", file.toString());
        assertEquals("Report: " + file, last(build));
        String report = Files.readString(file);
        assertTrue("the data", report.contains("\"name\":\"bad\"") && report.contains("why"));
        assertTrue("the libraries", report.contains("Apache Software Foundation") && report.contains("DataTables"));
        String markup = markup(report);
        assertFalse("nothing is loaded: " + markup, markup.contains("src=") || markup.contains("href="));
        assertTrue("a name ends no element", report.contains("two \\u003c/script>"));
        assertTrue(report.contains("Content-Security-Policy\" content=\"default-src 'none'"));
    }

    @Test
    public void withoutAPlaceItIsInTheBuildDirectory() throws Exception {
        String last = last(builds.run(SCRIPT));
        assertTrue(last, last.startsWith("Report: ") && last.endsWith("/builds/1/concurrency.html"));
        assertTrue(Files.exists(Path.of(last.substring("Report: ".length()))));
    }

    @Test
    public void aBuildWithoutStepsOfThePluginHasNone() throws Exception {
        assertEquals("Finished: SUCCESS", last(builds.run("echo 'x'")));
    }

    /** A document without what is inside its scripts and styles. */
    private static String markup(String document) {
        StringBuilder markup = new StringBuilder();
        for (String part : document.split("<(?=script|style)")) {
            int end = Math.max(part.lastIndexOf("</script>"), part.lastIndexOf("</style>"));
            markup.append(part, 0, part.indexOf('>') + 1).append(end < 0 ? "" : part.substring(end));
        }
        return markup.toString();
    }

    private static String last(Builds.Build build) {
        List<String> lines = build.lines();
        return lines.get(lines.size() - 1);
    }
}
