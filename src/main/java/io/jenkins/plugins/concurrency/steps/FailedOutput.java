package io.jenkins.plugins.concurrency.steps;

import io.jenkins.plugins.concurrency.engine.outcome.Detail;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import java.util.List;

/** The end of what a failed command wrote, for a build's log. */
final class FailedOutput {

    private static final int MAX_LINES = 10;

    private static final int MAX_LINE = 500;

    private static final int MAX_NAME = 60;

    private FailedOutput() {}

    /**
     * Its last lines, each behind the branch's name: of the standard error, or else of the standard output. None where
     * the error's message says it all.
     */
    static List<String> lines(Outcome failure) {
        List<String> said = said(failure, Detail.STDERR);
        if (said.size() == 1) {
            return List.of();
        }
        List<String> shown = said.isEmpty() ? said(failure, Detail.STDOUT) : said;
        String name = LogText.line(failure.name());
        String prefix = "    [" + (name.length() > MAX_NAME ? name.substring(0, MAX_NAME) + "…" : name) + "] ";
        return shown.stream()
                .skip(Math.max(0, shown.size() - MAX_LINES))
                .map(line -> prefix + LogText.coloured(line, MAX_LINE))
                .toList();
    }

    private static List<String> said(Outcome failure, String detail) {
        Object text = failure.details().get(detail);
        return text instanceof String output
                ? output.lines().filter(line -> !line.isBlank()).toList()
                : List.of();
    }
}
