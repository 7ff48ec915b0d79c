package io.jenkins.plugins.concurrency.engine.pool;

import java.util.regex.Pattern;

/**
 * A here-document of a shell script, which a line has announced.
 *
 * @param isLiteral whether the shell expands nothing in it
 * @param isIndented whether tabs at the beginnings of its lines are passed over
 */
record HereDocument(String end, boolean isLiteral, boolean isIndented) {

    private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9_.:,@%+=/-]+");

    /** Whether the end marker needs no quotes. */
    boolean hasPlainEnd() {
        return PLAIN_WORD.matcher(end).matches();
    }

    boolean endsAt(String line) {
        String text = line.endsWith("\n") ? line.substring(0, line.length() - 1) : line;
        return (isIndented ? text.replaceFirst("^\t+", "") : text).equals(end);
    }
}
