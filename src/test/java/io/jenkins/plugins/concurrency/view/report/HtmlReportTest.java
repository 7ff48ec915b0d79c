package io.jenkins.plugins.concurrency.view.report;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.view.data.BuildRuns;
import io.jenkins.plugins.concurrency.view.data.PlantedRun;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class HtmlReportTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    /** Keeps what is written, and how much of it came at once. */
    private static final class Pieces extends Writer {
        final StringBuilder text = new StringBuilder();
        int largest;

        @Override
        public void write(char[] buffer, int offset, int length) {
            largest = Math.max(largest, length);
            text.append(buffer, offset, length);
        }

        @Override
        public void flush() throws IOException {
            // nothing is kept back
        }

        @Override
        public void close() throws IOException {
            // nothing is open
        }
    }

    @Test
    public void ofVeryManyBranchesItHasSomeAndIsWrittenInPieces() throws Exception {
        int many = HtmlReport.MAX_ROWS + 1_000;
        PlantedRun small = PlantedRun.begin(
                folder.getRoot().toPath(), "a", PlantedRun.about("cpuPool", "small", 1, 1));
        small.add(PlantedRun.succeeded(0, "only", 0, 1, Map.of("stdout", "text")));
        PlantedRun large = PlantedRun.begin(
                folder.getRoot().toPath(), "b", PlantedRun.about("cpuPool", "large", many, 1));
        for (int i = 0; i < many - 1; i++) {
            large.add(PlantedRun.succeeded(i, "b" + i, i, 1, Map.of()));
        }
        large.add(PlantedRun.failed(many - 1, "bad", 0, 1, ErrorType.EXIT, "exit code 1", Map.of("stderr", "</script>")));
        BuildRuns runs = new BuildRuns(folder.getRoot().toPath());
        runs.refresh(false);
        Pieces pieces = new Pieces();
        new HtmlReport("title", null, runs, false).writeData(pieces);
        assertTrue("at once: " + pieces.largest, pieces.largest < 64 * 1024);
        assertTrue("a text ends no element", pieces.text.indexOf("</script") < 0);
        List<?> written = (List<?>) Json.parseObject(pieces.text.toString()).get("runs");
        int rows = 0;
        for (Object run : written) {
            Map<?, ?> fields = (Map<?, ?>) run;
            List<?> shown = (List<?>) fields.get("rows");
            rows += shown.size();
            assertEquals("a bar each", 5 * shown.size(), ((List<?>) fields.get("bars")).size());
            boolean isLarge = shown.size() > 1;
            assertEquals(isLarge ? "bad" : "only", ((List<?>) shown.get(0)).get(1));
            assertEquals(isLarge ? 1_001 : 1, ((Map<?, ?>) fields.get("details")).size());
        }
        assertEquals(HtmlReport.MAX_ROWS, rows);
    }
}
