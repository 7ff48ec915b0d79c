package io.jenkins.plugins.concurrency.view.export;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.RecordCodec;
import io.jenkins.plugins.concurrency.engine.junit.JunitWriter;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.view.data.PublicDetails;
import io.jenkins.plugins.concurrency.view.data.RunIndex;
import io.jenkins.plugins.concurrency.view.data.RunTally;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The download formats of a run's branches, which are listed in the order in which they ended. */
public enum Download {
    /** One object with everything that is known. */
    JSON("json", "json", "application/json", new JsonFormat()),
    /** A table for spreadsheets. */
    CSV("csv", "csv", "text/csv", new CsvFormat()),
    /** Test results, which Jenkins and many other tools read. */
    JUNIT("junit", "xml", "application/xml", Download::writeJunit),
    /** The format of GNU parallel's {@code --joblog}. */
    JOBLOG("joblog", "joblog", "text/tab-separated-values", new JoblogFormat());

    private final String text;
    private final String extension;
    private final String contentType;
    private final Format format;

    Download(String text, String extension, String contentType, Format format) {
        this.text = text;
        this.extension = extension;
        this.contentType = contentType;
        this.format = format;
    }

    /** Writes a run, one branch after the other. */
    interface Format {
        void write(RunIndex run, Writer out) throws IOException;
    }

    /**
     * The format with this name.
     *
     * @throws IllegalArgumentException if there is no such format, in one line
     */
    public static Download of(String text) {
        return Arrays.stream(values())
                .filter(download -> download.text.equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no format '" + text + "'; the formats are json, csv, junit and joblog"));
    }

    /** The end of the file's name. */
    public String extension() {
        return extension;
    }

    public String contentType() {
        return contentType;
    }

    /**
     * Writes all branches that have ended. Memory does not depend on their number.
     *
     * @throws IOException if the journal can't be read, or the target can't be written
     */
    public void write(RunIndex run, Writer out) throws IOException {
        format.write(run, out);
        out.flush();
    }

    private static void writeJunit(RunIndex run, Writer out) throws IOException {
        RunTally.Overview all = run.summary(false);
        JunitWriter xml = new JunitWriter(
                out,
                new JunitWriter.Suite(all.step(), all.name(), all.ended(), all.failed(), all.cancelled() + all.skipped(), all.start(), all.millis()));
        run.forEach((outcome, lane) -> xml.add(outcome));
        xml.finish();
    }

    /** A table as in RFC 4180. Texts that a spreadsheet would treat as formulas begin with an apostrophe. */
    private static final class CsvFormat implements Download.Format {

        private static final String FORMULA = "=+-@\t\r\n";

        private static final List<String> DETAILS = List.of(
                OutcomeDetail.EXIT_CODE, OutcomeDetail.STATUS, OutcomeDetail.URL, OutcomeDetail.PATH, OutcomeDetail.BYTES, OutcomeDetail.SHA256, OutcomeDetail.STDERR);

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

        /** Always in quotes: the journal is not trusted, so a number may be something else. */
        private static String cell(@CheckForNull Object value) {
            String text = value == null ? "" : String.valueOf(value);
            boolean harmless = value instanceof Number || text.isEmpty() || FORMULA.indexOf(text.charAt(0)) < 0;
            return '"' + (harmless ? text : "'" + text).replace("\"", "\"\"") + '"';
        }
    }

    /** The summary of a run, and a line for each branch. */
    private static final class JsonFormat implements Download.Format {

        @Override
        public void write(RunIndex run, Writer out) throws IOException {
            Map<String, Object> summary = RecordCodec.encode(run.summary(false));
            summary.remove("state"); // known only together with the build's
            String head = Json.write(summary);
            out.write(head.substring(0, head.length() - 1) + ",\"branches\":[");
            String[] separator = {"\n"};
            run.forEach((outcome, lane) -> {
                Map<String, Object> branch = PublicDetails.toJson(outcome);
                branch.put("lane", lane);
                out.write(separator[0] + Json.write(branch));
                separator[0] = ",\n";
            });
            out.write("\n]}\n");
        }
    }

    /**
     * What GNU parallel writes with {@code --joblog}. Its {@code --resume} and {@code --resume-failed} use the numbers.
     * A build does not keep the command, only the name of the branch. {@code --retry-failed} would run that name. So
     * the command is one that fails, with the name in a comment.
     */
    private static final class JoblogFormat implements Download.Format {

        private static final int TIMED_OUT = -1;
        private static final int SIGTERM = 15;

        /** An exit code of a signal is this plus the signal's number. */
        private static final int SIGNALS = 128;

        private static final int MAX_SIGNAL = 64;

        @Override
        public void write(RunIndex run, Writer out) throws IOException {
            out.write("Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n");
            run.forEach((outcome, lane) -> {
                boolean begun = outcome.attempts() > 0
                        || outcome.status() == OutcomeStatus.SUCCEEDED
                        || outcome.status() == OutcomeStatus.FAILED;
                if (begun) { // what stands there counts as having run
                    out.write(line(outcome));
                }
            });
        }

        private static String line(Outcome outcome) {
            return String.format(
                    Locale.ROOT,
                    "%d\t:\t%.3f\t%10.3f\t0\t%d\t%d\t%d\t%s # %s%n",
                    outcome.index() + 1,
                    outcome.startMillis() / 1000.0,
                    outcome.durationMillis() / 1000.0,
                    received(outcome),
                    isSignal(outcome) ? 0 : exitValue(outcome),
                    signal(outcome),
                    outcome.status() == OutcomeStatus.SUCCEEDED ? "true" : "false",
                    outcome.name().replaceAll("[\\x00-\\x1f]", " ")).replace("\r\n", "\n");
        }

        private static long received(Outcome outcome) {
            if (outcome.details().get(OutcomeDetail.BYTES) instanceof Number bytes) {
                return bytes.longValue();
            }
            Object output = outcome.details().get(OutcomeDetail.STDOUT);
            return output instanceof String text ? text.getBytes(StandardCharsets.UTF_8).length : 0;
        }

        /** Whether the exit code says that a signal ended the shell's last command. */
        private static boolean isSignal(Outcome outcome) {
            int exitValue = exitValue(outcome);
            return exitValue > SIGNALS && exitValue <= SIGNALS + MAX_SIGNAL;
        }

        private static int signal(Outcome outcome) {
            int exitValue = exitValue(outcome);
            return isSignal(outcome) ? exitValue - SIGNALS : exitValue == TIMED_OUT ? SIGTERM : 0;
        }

        /** GNU parallel writes -1 after a timeout. Other failures without an exit code are 1 here. */
        private static int exitValue(Outcome outcome) {
            if (outcome.error() != null && outcome.error().type() == ErrorType.TIMEOUT) {
                return TIMED_OUT;
            }
            if (outcome.details().get(OutcomeDetail.EXIT_CODE) instanceof Number code) {
                return code.intValue();
            }
            return outcome.status() == OutcomeStatus.SUCCEEDED ? 0 : 1;
        }
    }
}
