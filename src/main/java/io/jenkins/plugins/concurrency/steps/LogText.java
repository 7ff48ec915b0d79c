package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.NonNull;

/** Text from branches made fit for a line of a log: no line breaks, no control sequences, bounded. */
final class LogText {

    private static final int MAX_LINE = 500;

    private LogText() {}

    /** The text on one line; control characters, which could move a terminal's cursor or hide text, become blanks. */
    @NonNull
    static String line(@NonNull String text) {
        return line(text, MAX_LINE);
    }

    /** @param most how many characters are kept */
    @NonNull
    static String line(@NonNull String text, int most) {
        StringBuilder line = new StringBuilder();
        boolean blank = false;
        for (int i = 0; i < text.length() && line.length() < most; i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                blank = line.length() > 0;
            } else {
                if (blank) {
                    line.append(' ');
                    blank = false;
                }
                line.append(c);
            }
        }
        return line.length() == most ? line + "…" : line.toString();
    }

    /** A whole number with commas between the thousands. */
    @NonNull
    static String number(long number) {
        return String.format(java.util.Locale.ROOT, "%,d", number);
    }
}
