package io.jenkins.plugins.concurrency.bench.session;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The command line.
 *
 * @param suite {@code fetch}, {@code pool} or {@code steps}
 * @param quick whether to do a tenth of the work
 * @param rounds of each race
 * @param peers the beginnings of the names of those that may take part; empty for all
 * @param recordings a directory for recordings of the engine's processes, or {@code null}
 * @param cases the names of those to run; empty for all
 */
public record Options(String suite, boolean quick, int rounds, List<String> peers, Path recordings, List<String> cases) {

    private static final int ROUNDS = 3;

    /** @throws IllegalArgumentException if the arguments make no sense, in one line */
    public static Options parse(String[] arguments) {
        Deque<String> rest = new ArrayDeque<>(List.of(arguments));
        String suite = value("the first argument", rest);
        boolean quick = false;
        int rounds = ROUNDS;
        List<String> peers = List.of();
        Path recordings = null;
        List<String> cases = new ArrayList<>();
        while (!rest.isEmpty()) {
            String argument = rest.pop();
            switch (argument) {
                case "--quick" -> quick = true;
                case "--rounds" -> rounds = positive(argument, value(argument, rest));
                case "--peers" -> peers = List.of(value(argument, rest).split(","));
                case "--jfr" -> recordings = Path.of(value(argument, rest)).toAbsolutePath();
                default -> {
                    if (argument.startsWith("-")) {
                        throw new IllegalArgumentException("unknown option " + argument);
                    }
                    cases.add(argument);
                }
            }
        }
        return new Options(suite, quick, rounds, peers, recordings, cases);
    }

    private static String value(String option, Deque<String> rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(option + " is missing or has no value");
        }
        return rest.pop();
    }

    private static int positive(String option, String text) {
        if (!text.matches("[1-9][0-9]{0,3}")) {
            throw new IllegalArgumentException(option + " '" + text + "' is not a number from 1 to 9999");
        }
        return Integer.parseInt(text);
    }
}
