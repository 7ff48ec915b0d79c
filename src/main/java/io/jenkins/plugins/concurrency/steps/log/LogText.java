package io.jenkins.plugins.concurrency.steps.log;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes text from branches safe for a line of a log: no line breaks, no control sequences, limited length. */
public final class LogText {

    private static final int MAX_LINE = 500;

    /** The longest sequence for colours that is kept. Usual ones have a third of this length. */
    private static final int MAX_RENDITION = 64;

    /** If a line has this many characters for each one that may be shown, no more colours are kept. */
    private static final int MAX_COLOURED = 4;

    /** The control sequences of terminals (ECMA-48): with parameters, with a text, and short ones. */
    private static final Pattern CONTROL_SEQUENCE = Pattern.compile("(?:\u001b\\[|\u009b)[0-?]*[ -/]*[@-~]?"
            + "|(?:\u001b[\\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u0080-\u009f]*(?:\u0007|\u001b\\\\|\u009c)"
            + "|\u001b[ -/]*[0-~]?");

    /** The control sequences for colours and similar settings: select graphic rendition. */
    private static final Pattern RENDITION = Pattern.compile("\u001b\\[([0-9;:]*)m");

    private static final Pattern RESET = Pattern.compile("[0;:]*");

    /** The parameter that hides the text after it. The same number within a colour does not hide. */
    private static final Pattern CONCEAL = Pattern.compile("(?:.*;)?0*8(?:;.*)?");

    private static final Pattern COLOUR = Pattern.compile("(?<![0-9])[345]8[;:](?:5[;:]\\d*|2(?:[;:]\\d*){3})");

    private LogText() {}

    /**
     * The text on one line. Control characters become blanks, because they can move a terminal's cursor or hide text.
     */
    public static String line(String text) {
        return line(text, MAX_LINE);
    }

    /** @param most how many characters are kept at most */
    public static String line(String text, int most) {
        return line(text, most, false);
    }

    /** The same, but keeps the colours of a command's output. They end with the line. */
    public static String coloured(String text, int most) {
        return line(text, most, true);
    }

    private static String line(String text, int most, boolean isColoured) {
        StringBuilder line = new StringBuilder();
        Matcher sequence = CONTROL_SEQUENCE.matcher(text);
        int shown = 0;
        boolean blank = false;
        boolean isSet = false;
        for (int i = 0; i < text.length() && shown < most; i++) {
            char c = text.charAt(i);
            if (sequence.region(i, text.length()).lookingAt()) {
                Matcher rendition = RENDITION.matcher(sequence.group());
                boolean fits = line.length() < MAX_COLOURED * most
                        && sequence.end() - sequence.start() <= MAX_RENDITION;
                if (isColoured && fits && rendition.matches() && !conceals(rendition.group(1))) {
                    line.append(sequence.group());
                    isSet = !RESET.matcher(rendition.group(1)).matches();
                }
                i = sequence.end() - 1;
            } else if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                blank = shown > 0;
            } else {
                if (blank) {
                    line.append(' ');
                    shown++;
                    blank = false;
                }
                line.append(c);
                shown++;
            }
        }
        if (shown >= most) {
            line.append('…');
        }
        return isSet ? line + "\u001b[m" : line.toString();
    }

    private static boolean conceals(String parameters) {
        return CONCEAL.matcher(COLOUR.matcher(parameters).replaceAll("")).matches();
    }

    /** A whole number, with commas between the thousands. */
    static String number(long number) {
        return String.format(java.util.Locale.ROOT, "%,d", number);
    }
}
