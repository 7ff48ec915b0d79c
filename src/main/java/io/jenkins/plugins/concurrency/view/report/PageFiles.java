package io.jenkins.plugins.concurrency.view.report;

import hudson.PluginWrapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/** The static files of the page, as {@code <plugin>/<path>}: where Jenkins serves them, below {@code plugin/}. */
public final class PageFiles {

    private static final String OWN = "concurrency-steps/";

    /** When Jenkins renders the page, an adjunct loads it. */
    private static final String JQUERY = "jquery3-api/js/jquery.min.js";

    private static final String ECHARTS = "echarts-api/js/echarts.min.js";
    private static final String DATA_TABLES = "data-tables-api/js/dataTables.min.js";

    /** Each adds one module to the object {@code ConcurrencySteps}, and uses only modules before it. */
    private static final List<String> MODULES = own(
            "js/text.js",
            "js/dom.js",
            "js/theme.js",
            "js/columns.js",
            "js/newest.js",
            "js/poller.js",
            "js/detail.js",
            "js/steps.js",
            "js/timeline/viewport.js",
            "js/timeline/bars.js",
            "js/timeline/neighbours.js",
            "js/timeline/keyboard.js",
            "js/timeline/words.js",
            "js/timeline/limits.js",
            "js/timeline/options.js",
            "js/timeline/chart.js",
            "js/timeline/frame.js",
            "js/timeline/timeline.js",
            "js/table/query.js",
            "js/table/cells.js",
            "js/table/filters.js",
            "js/table/table.js",
            "js/page.js");

    private static final List<String> STYLES = own("css/page.css");

    private PageFiles() {}

    /** The scripts of the page in Jenkins, in their order, without jQuery. */
    public static List<String> scripts() {
        return with(List.of(DATA_TABLES, ECHARTS), MODULES, own("js/source/server.js", "js/start.js"));
    }

    /** The scripts of the page as one file. */
    static List<String> scriptsOfReports() {
        List<String> sources = own("js/source/report-table.js", "js/source/report-timeline.js", "js/source/report.js", "js/report.js");
        return with(List.of(JQUERY, DATA_TABLES, ECHARTS), MODULES, sources);
    }

    /** The scripts of the chart of a job. */
    public static List<String> scriptsOfTrends() {
        return with(List.of(ECHARTS), own("js/text.js", "js/dom.js", "js/theme.js", "js/poller.js", "js/trend.js"));
    }

    public static List<String> styles() {
        return STYLES;
    }

    static List<String> stylesOfReports() {
        return with(own("css/report.css"), STYLES);
    }

    private static List<String> own(String... names) {
        return Stream.of(names).map(OWN::concat).toList();
    }

    @SafeVarargs
    private static List<String> with(List<String>... files) {
        return Stream.of(files).flatMap(List::stream).toList();
    }

    /** The text of a file. */
    static String read(String file) throws IOException {
        int slash = file.indexOf('/');
        PluginWrapper plugin = Jenkins.get().getPluginManager().getPlugin(file.substring(0, slash));
        if (plugin == null) {
            throw new IOException("the plugin " + file.substring(0, slash) + " is not installed");
        }
        URL url = new URL(plugin.baseResourceURL, file.substring(slash + 1));
        try (InputStream in = url.openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
