package io.jenkins.plugins.concurrency.view.export;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.outcome.Detail;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.view.data.RunIndex;
import java.io.IOException;
import java.io.Writer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A table as RFC 4180 has it. Texts that a spreadsheet would take for a formula get an apostrophe before them. */
final class CsvFormat implements Download.Format {

    private static final String FORMULA = "=+-@\t\r\n";

    private static final List<String> DETAILS = List.of(
            Detail.EXIT_CODE, Detail.STATUS, Detail.URL, Detail.PATH, Detail.BYTES, Detail.SHA256, Detail.STDERR);

    @Override
    public void write(RunIndex run, Writer out) throws IOException {
        out.write("index,name,outcome,error,message,attempts,lane,start,millis," + String.join(",", DETAILS) + "\r\n");
        run.forEach((outcome, lane) -> out.write(line(outcome, lane)));
    }

    private static String line(Outcome outcome, int lane) {
        boolean ok = outcome.error() == null;
        String common = cells(
                outcome.index(),
                outcome.name(),
                outcome.status().text(),
                ok ? null : outcome.error().type().text(),
                ok ? null : outcome.error().message(),
                outcome.attempts(),
                lane,
                Instant.ofEpochMilli(outcome.startMillis()),
                outcome.durationMillis());
        return common + "," + cells(DETAILS.stream().map(outcome.details()::get).toArray()) + "\r\n";
    }

    private static String cells(Object... values) {
        return Arrays.stream(values).map(CsvFormat::cell).collect(Collectors.joining(","));
    }

    /** In quotes whatever it is: what a journal has for a number need not be one. */
    private static String cell(@CheckForNull Object value) {
        String text = value == null ? "" : String.valueOf(value);
        boolean harmless = value instanceof Number || text.isEmpty() || FORMULA.indexOf(text.charAt(0)) < 0;
        return '"' + (harmless ? text : "'" + text).replace("\"", "\"\"") + '"';
    }
}
