package io.jenkins.plugins.concurrency.view.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.RecordCodec;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.process.Sha256;
import io.jenkins.plugins.concurrency.view.data.BranchDetail;
import io.jenkins.plugins.concurrency.view.data.BuildRuns;
import io.jenkins.plugins.concurrency.view.data.RunIndex;
import io.jenkins.plugins.concurrency.view.data.TableQuery;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The page of a build as one file: the same scripts and styles, and the data. Its own Content-Security-Policy allows
 * only these scripts. It is written as a stream. If there are very many branches, it contains only those that a reader
 * looks for first, because a browser could not show more.
 */
public final class HtmlReport {

    /** For so many branches of a step the file has all details; for the others only what the table shows. */
    private static final int MAX_DETAILS = 2_000;

    /** For so many branches, of all steps together, the file has at least what the table shows. */
    static final int MAX_ROWS = 50_000;

    /** Rows that are in memory at once. */
    private static final int PAGE = 500;

    private final String title;

    @CheckForNull
    private final Locale locale;

    private final BuildRuns runs;
    private final boolean building;

    /**
     * @param locale the reader's; {@code null} for English
     * @param building whether the build is still running
     */
    public HtmlReport(String title, @CheckForNull Locale locale, BuildRuns runs, boolean building) {
        this.title = title;
        this.locale = locale;
        this.runs = runs;
        this.building = building;
    }

    /**
     * Writes the file.
     *
     * @throws IOException if a journal or a script can't be read, or the target can't be written
     */
    public void write(Writer out) throws IOException {
        List<String> scripts = read(PageFiles.scriptsOfReports());
        List<String> styles = read(PageFiles.stylesOfReports());
        out.write("<!DOCTYPE html>\n<html lang=\"" + PageTexts.language(locale) + "\">\n<head>\n<meta charset=\"utf-8\">\n");
        out.write("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; script-src "
                + hashes(scripts) + "; style-src " + hashes(styles) + "\">\n");
        out.write("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        out.write("<title>" + escape(title) + "</title>\n");
        for (String style : styles) {
            out.write("<style>" + style + "</style>\n");
        }
        out.write("</head>\n<body>\n<main id=\"main-panel\">\n<h1>" + escape(title) + "</h1>\n");
        out.write("<div id=\"concurrency\" class=\"cs-page\" data-texts=\"" + escape(PageTexts.json(locale)) + "\"></div>\n</main>\n");
        out.write("<script type=\"application/json\" id=\"concurrency-data\">");
        writeData(out);
        out.write("</script>\n");
        for (String script : scripts) {
            out.write("<script>" + script + "</script>\n");
        }
        out.write("</body>\n</html>\n");
        out.flush();
    }

    private static List<String> read(List<String> files) throws IOException {
        List<String> texts = new ArrayList<>();
        for (String file : files) {
            // Only this text could end the element. In a script it means the same with the backslash.
            texts.add(PageFiles.read(file).replace("</script", "<\\/script").replace("\r\n", "\n"));
        }
        return texts;
    }

    private static String hashes(List<String> texts) {
        return texts.stream().map(HtmlReport::hash).collect(Collectors.joining(" "));
    }

    private static String hash(String text) {
        byte[] hash = HexFormat.of().parseHex(Sha256.of(text));
        return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
    }

    void writeData(Writer out) throws IOException {
        out.write("{\"runs\":[");
        List<RunIndex> all = runs.all();
        int room = MAX_ROWS;
        for (int i = 0; i < all.size(); i++) {
            RunIndex run = all.get(i);
            int shown = Math.min(run.size(), room / (all.size() - i));
            room -= shown;
            out.write(i == 0 ? "" : ",\n");
            writeRun(run, shown, out);
        }
        out.write("]}");
    }

    /** @param shown how many of its branches are written, from the first one of the table on */
    private void writeRun(RunIndex run, int shown, Writer out) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("summary", RecordCodec.encode(run.summary(building)));
        json.put("lanes", run.lanes());
        json.put("names", run.laneNames());
        json.put("links", run.links());
        json.put("limits", run.limits());
        String head = text(json);
        out.write(head.substring(0, head.length() - 1));
        out.write(",\"bars\":[");
        String[] separator = {""};
        run.forEachBar(TableQuery.ALL, shown, (index, lane, start, millis, kind) -> {
            out.write(separator[0] + index + "," + lane + "," + start + "," + millis + "," + kind);
            separator[0] = ",";
        });
        out.write("],\"rows\":[");
        List<Integer> detailed = writeRows(run, shown, out);
        out.write("],\"details\":{");
        writeDetails(run, detailed, out);
        out.write("}}");
    }

    /** @return the indexes of the branches with all details */
    private static List<Integer> writeRows(RunIndex run, int shown, Writer out) throws IOException {
        List<Integer> detailed = new ArrayList<>();
        int[] room = {MAX_DETAILS / 2, MAX_DETAILS / 2}; // failures do not crowd out successes, nor the other way round
        for (int start = 0; start < shown; start += PAGE) {
            List<?> rows = (List<?>) run.table(TableQuery.ALL, start, Math.min(PAGE, shown - start)).get("rows");
            for (Object row : rows) {
                out.write((detailed.isEmpty() && start == 0 ? "" : ",\n") + text(row));
                List<?> cells = (List<?>) row;
                int kind = OutcomeStatus.SUCCEEDED.text().equals(cells.get(2)) ? 0 : 1;
                if (room[kind]-- > 0) {
                    detailed.add((Integer) cells.get(0));
                }
            }
        }
        return detailed;
    }

    private static void writeDetails(RunIndex run, List<Integer> indexes, Writer out) throws IOException {
        String separator = "";
        for (int index : indexes) {
            Outcome outcome = run.outcome(index);
            if (outcome != null) {
                out.write(separator + "\"" + index + "\":"
                        + text(BranchDetail.toJson(outcome, run.lane(index), run.relatives(index), path -> null)));
                separator = ",\n";
            }
        }
    }

    /** As JSON that can't end an element of the page. */
    private static String text(Object json) {
        return Json.write(json).replace("<", "\\u003c");
    }

    private static String escape(String text) {
        StringWriter escaped = new StringWriter();
        text.chars().forEach(c -> escaped.write("<>&\"'".indexOf(c) < 0 ? String.valueOf((char) c) : "&#" + c + ";"));
        return escaped.toString();
    }
}
