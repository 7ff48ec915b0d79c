package io.jenkins.plugins.concurrency.config;

import io.jenkins.plugins.concurrency.engine.fetch.connect.DestinationPolicy;
import java.util.ArrayList;
import java.util.List;

/** Rules of destinations as people write them: one a line; blank lines and those that begin with {@code #} are none. */
final class RuleLines {

    private static final int MAX_NAMED = 5;

    private RuleLines() {}

    static List<String> rules(String text) {
        return text.lines().map(String::strip).filter(RuleLines::isRule).toList();
    }

    /** What is wrong, a line of the text each. */
    static List<String> problems(String text) {
        List<String> problems = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size() && problems.size() < MAX_NAMED; i++) {
            String line = lines.get(i).strip();
            try {
                new DestinationPolicy(false, isRule(line) ? List.of(line) : List.of(), List.of());
            } catch (IllegalArgumentException e) {
                problems.add(Messages.RuleLines_Wrong(i + 1, e.getMessage()));
            }
        }
        return problems;
    }

    /**
     * The text with line feeds alone, as files and exports are to have it.
     *
     * @throws IllegalArgumentException if a line is no rule; the message names the first
     */
    static String checked(String field, String text) {
        List<String> problems = problems(text);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(field + ": " + problems.get(0));
        }
        return String.join("\n", text.strip().lines().toList());
    }

    private static boolean isRule(String line) {
        return !line.isEmpty() && !line.startsWith("#");
    }
}
