package io.jenkins.plugins.concurrency.view.report;

import hudson.PluginWrapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import jenkins.model.Jenkins;

/** The static files that make up the page, as {@code <plugin>/<path>}: where Jenkins serves them, below {@code plugin/}. */
public final class PageFiles {

    private static final String OWN = "concurrency-steps/";

    /** Loaded by an adjunct where Jenkins renders the page. */
    private static final String JQUERY = "jquery3-api/js/jquery.min.js";

    private static final List<String> SCRIPTS = List.of(
            "data-tables-api/js/dataTables.min.js",
            "echarts-api/js/echarts.min.js",
            OWN + "js/text.js",
            OWN + "js/dom.js",
            OWN + "js/theme.js",
            OWN + "js/server-source.js",
            OWN + "js/detail.js",
            OWN + "js/steps.js",
            OWN + "js/timeline.js",
            OWN + "js/table.js",
            OWN + "js/page.js");

    private static final List<String> STYLES = List.of(OWN + "css/page.css");

    private PageFiles() {}

    /** In the order in which they are needed, without jQuery. */
    public static List<String> scripts() {
        return SCRIPTS;
    }

    public static List<String> styles() {
        return STYLES;
    }

    static String jquery() {
        return JQUERY;
    }

    static List<String> ownOfReports(String... names) {
        return List.of(names).stream().map(OWN::concat).toList();
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
