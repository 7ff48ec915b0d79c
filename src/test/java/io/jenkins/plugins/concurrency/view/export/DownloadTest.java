package io.jenkins.plugins.concurrency.view.export;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.view.data.PlantedRun;
import io.jenkins.plugins.concurrency.view.data.RunIndex;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

public class DownloadTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private String download(PlantedRun run, Download format) throws Exception {
        RunIndex index = new RunIndex(run.files());
        index.refresh();
        StringWriter text = new StringWriter();
        format.write(index, text);
        return text.toString();
    }

    private PlantedRun run() throws Exception {
        return PlantedRun.begin(folder.getRoot().toPath(), "r", PlantedRun.about("parallelFetch", "f", 2, 1));
    }

    @Test
    public void nothingInATableIsAFormula() throws Exception {
        Map<String, Object> details = Map.of(
                OutcomeDetail.STATUS, "=cmd()", OutcomeDetail.BYTES, List.of("=1", 2), OutcomeDetail.URL, "-x\"y", OutcomeDetail.EXIT_CODE, -1);
        String csv = download(run().add(PlantedRun.succeeded(0, "@b", 0, 5, details)), Download.CSV);
        String[] cells = csv.lines().toList().get(1).split("(?<=\"),(?=\")");
        assertTrue(csv, Arrays.stream(cells).allMatch(cell -> cell.startsWith("\"") && cell.endsWith("\"")));
        assertEquals("\"'@b\"", cells[1]);
        assertEquals("a number may be below zero", "\"-1\"", cells[9]);
        assertEquals("\"'=cmd()\"", cells[10]);
        assertEquals("\"'-x\"\"y\"", cells[11]);
        assertEquals("what is no number", "\"[=1, 2]\"", cells[13]);
        assertEquals(16, cells.length);
    }

    @Test
    public void aJoblogHasSignalsAndNothingThatRuns() throws Exception {
        PlantedRun run = run()
                .add(PlantedRun.succeeded(0, "a\n$(touch b)", 0, 5, Map.of(OutcomeDetail.EXIT_CODE, 0)))
                .add(PlantedRun.failed(1, "killed", 0, 5, ErrorType.EXIT, "", Map.of(OutcomeDetail.EXIT_CODE, 137)))
                .add(PlantedRun.failed(2, "slow", 0, 5, ErrorType.TIMEOUT, "", Map.of(OutcomeDetail.EXIT_CODE, 0)))
                .add(PlantedRun.failed(3, "bad", 0, 5, ErrorType.EXIT, "", Map.of(OutcomeDetail.EXIT_CODE, 128)))
                .add(Outcome.lost(4, "lost", 1, ""))
                .add(Outcome.skipped(6, "skipped", "bad", OutcomeStatus.FAILED))
                .add(new Outcome(
                        5, "not begun", OutcomeStatus.CANCELLED, new BranchError(ErrorType.CANCELLED, ""), 0, 0, 0, Map.of()));
        List<String> lines = download(run, Download.JOBLOG).lines().toList();
        List<String> ends = lines.stream()
                .skip(1)
                .map(line -> line.split("\t", 7)[6])
                .toList();
        assertEquals(
                List.of(
                        "0\t0\ttrue # a $(touch b)",
                        "0\t9\tfalse # killed",
                        "-1\t15\tfalse # slow",
                        "128\t0\tfalse # bad",
                        "1\t0\tfalse # lost"),
                ends);
    }

    @Test
    public void junitHasACaseForEachBranch() throws Exception {
        Map<String, Object> said = Map.of(OutcomeDetail.EXIT_CODE, 3, OutcomeDetail.STDERR, "<no & \u0001 file>\n", OutcomeDetail.URL, "http://a/?x=1&y=\"2\"");
        PlantedRun run = run()
                .add(PlantedRun.succeeded(0, "a.b <c>", 0, 1500, Map.of(OutcomeDetail.STDOUT, "done")))
                .add(PlantedRun.failed(1, "b", 0, 5, ErrorType.EXIT, "exit code 3\nsecond \u001b[0m line", said))
                .add(new Outcome(
                        2, "c", OutcomeStatus.CANCELLED, new BranchError(ErrorType.CANCELLED, "b failed"), 0, 0, 0, Map.of()))
                .add(Outcome.skipped(3, "d", "b", OutcomeStatus.FAILED));

        String text = download(run, Download.JUNIT);

        DocumentBuilder reader = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        Element suite = reader.parse(new InputSource(new StringReader(text))).getDocumentElement();
        assertEquals("4 1 0 2", Stream.of("tests", "failures", "errors", "skipped")
                .map(suite::getAttribute)
                .collect(Collectors.joining(" ")));
        NodeList cases = suite.getElementsByTagName("testcase");
        assertEquals(4, cases.getLength());
        assertEquals("it needs 'b', which failed", only((Element) cases.item(3), "skipped").getAttribute("message"));
        Element first = (Element) cases.item(0);
        assertEquals("parallelFetch.f", first.getAttribute("classname"));
        assertEquals("a.b <c>", first.getAttribute("name"));
        assertEquals("1.500", first.getAttribute("time"));
        assertEquals("done", only(first, "system-out").getTextContent());
        assertEquals(0, first.getElementsByTagName("failure").getLength());
        Element second = (Element) cases.item(1);
        assertEquals("exit", only(second, "failure").getAttribute("type"));
        assertEquals("exit code 3", only(second, "failure").getAttribute("message"));
        assertEquals("exit code 3\nsecond \uFFFD[0m line", only(second, "failure").getTextContent());
        assertEquals("<no & \uFFFD file>\n", only(second, "system-err").getTextContent());
        assertTrue(text, text.contains("name=\"url\" value=\"http://a/?x=1&amp;y=&quot;2&quot;\""));
        assertEquals("b failed", only((Element) cases.item(2), "skipped").getAttribute("message"));
    }

    private static Element only(Element parent, String name) {
        NodeList found = parent.getElementsByTagName(name);
        assertEquals(name, 1, found.getLength());
        return (Element) found.item(0);
    }
}
