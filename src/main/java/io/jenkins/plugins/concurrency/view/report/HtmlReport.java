package io.jenkins.plugins.concurrency.view.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.outcome.Status;
import io.jenkins.plugins.concurrency.view.data.BranchDetail;
import io.jenkins.plugins.concurrency.view.data.BuildRuns;
import io.jenkins.plugins.concurrency.view.data.RunIndex;
import io.jenkins.plugins.concurrency.view.data.TableQuery;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The page of a build as one file: the same scripts and styles, and the data in it. Its own Content-Security-Policy lets
 * it run those scripts and nothing else.
 */
public final class HtmlReport {

    /** Of so many branches a step the file has everything; of others what the table shows. */
    private static final int MAX_DETAILS = 2_000;

    private static final int ALL = Integer.MAX_VALUE;

    private final String title;

    @CheckForNull
    private final Locale locale;

    private final BuildRuns runs;
    private final boolean building;

    /**
     * @param locale the reader's; {@code null} for English
     * @param building whether the build is still under way
     */
    public HtmlReport(@NonNull String title, @CheckForNull Locale locale, @NonNull BuildRuns runs, boolean building) {
        this.title = title;
        this.locale = locale;
        this.runs = runs;
        this.building = building;
    }

    /**
     * Writes the file.
     *
     * @throws IOException if a journal or a script can't be read, or the target not be written
     */
    public void write(@NonNull Writer out) throws IOException {
        List<String> files = new ArrayList<>(List.of(PageFiles.jquery()));
        files.addAll(PageFiles.scripts());
        files.addAll(PageFiles.ownOfReports("js/report-source.js", "js/report.js"));
        List<String> scripts = read(files);
        List<String> styleFiles = new ArrayList<>(PageFiles.ownOfReports("css/report.css"));
        styleFiles.addAll(PageFiles.styles());
        List<String> styles = read(styleFiles);
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
            // the only text that could end the element, and in scripts means the same with the backslash
            texts.add(PageFiles.read(file).replace("</script", "<\\/script").replace("\r\n", "\n"));
        }
        return texts;
    }

    private static String hashes(List<String> texts) {
        return texts.stream().map(HtmlReport::hash).collect(Collectors.joining(" "));
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JVM has SHA-256", e);
        }
    }

    private void writeData(Writer out) throws IOException {
        out.write("{\"runs\":[");
        String separator = "";
        for (RunIndex run : runs.all()) {
            out.write(separator);
            writeRun(run, out);
            separator = ",\n";
        }
        out.write("]}");
    }

    private void writeRun(RunIndex run, Writer out) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("summary", run.summary(building).toJson());
        json.put("lanes", run.lanes());
        json.put("names", run.laneNames());
        json.put("bars", run.allBars());
        json.put("rows", run.table(TableQuery.ALL, 0, ALL).get("rows"));
        json.put("details", details(run));
        out.write(Json.write(json).replace("<", "\\u003c"));
    }

    private static Map<String, Object> details(RunIndex run) throws IOException {
        Map<String, Object> details = new LinkedHashMap<>();
        int[] room = {MAX_DETAILS / 2, MAX_DETAILS / 2}; // failures do not crowd out successes, nor the other way round
        run.forEach((outcome, lane) -> {
            int kind = outcome.status() == Status.SUCCEEDED ? 0 : 1;
            if (room[kind]-- > 0) {
                details.put(String.valueOf(outcome.index()), BranchDetail.toJson(outcome, lane, path -> null));
            }
        });
        return details;
    }

    private static String escape(String text) {
        StringWriter escaped = new StringWriter();
        text.chars().forEach(c -> escaped.write("<>&\"'".indexOf(c) < 0 ? String.valueOf((char) c) : "&#" + c + ";"));
        return escaped.toString();
    }
}
