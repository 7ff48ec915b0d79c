package io.jenkins.plugins.concurrency.view.export;

import io.jenkins.plugins.concurrency.view.data.RunIndex;
import java.io.IOException;
import java.io.Writer;
import java.util.Arrays;

/** The formats in which the branches of a run can be downloaded; in the order in which they ended. */
public enum Download {
    /** One object with everything that is known. */
    JSON("json", "application/json", new JsonFormat()),
    /** A table for spreadsheets. */
    CSV("csv", "text/csv", new CsvFormat()),
    /** As GNU parallel's {@code --joblog} writes it. */
    JOBLOG("joblog", "text/tab-separated-values", new JoblogFormat());

    private final String text;
    private final String contentType;
    private final Format format;

    Download(String text, String contentType, Format format) {
        this.text = text;
        this.contentType = contentType;
        this.format = format;
    }

    /** Writes a run, a branch at a time. */
    interface Format {
        void write(RunIndex run, Writer out) throws IOException;
    }

    /**
     * The format with this name.
     *
     * @throws IllegalArgumentException if there is none, in one line
     */
    public static Download of(String text) {
        return Arrays.stream(values())
                .filter(download -> download.text.equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no format '" + text + "'; there are json, csv and joblog"));
    }

    /** The end of the file's name. */
    public String extension() {
        return text;
    }

    public String contentType() {
        return contentType;
    }

    /**
     * Writes all branches that have ended. Memory does not depend on their number.
     *
     * @throws IOException if the journal can't be read or the target not be written
     */
    public void write(RunIndex run, Writer out) throws IOException {
        format.write(run, out);
        out.flush();
    }
}
