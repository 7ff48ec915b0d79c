package io.jenkins.plugins.concurrency.engine.fetch.http;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** A regular expression that something in a body has to match. Immutable. */
public final class BodyPattern {

    /** Much more than a sensible expression needs for the longest text. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** How many characters are read between two checks of the time. */
    private static final int INTERVAL = 4096;

    private final Pattern pattern;

    private BodyPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /** @throws IllegalArgumentException if the text is no regular expression; the message is one line */
    public static BodyPattern parse(String text) {
        try {
            return new BodyPattern(Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            throw notOne(text, e.getDescription() + (e.getIndex() < 0 ? "" : " near index " + e.getIndex()));
        } catch (StackOverflowError e) {
            throw notOne(text, "it is nested too deep");
        }
    }

    private static IllegalArgumentException notOne(String text, String why) {
        return new IllegalArgumentException(
                "validBody '" + MessageText.line(text) + "' is not a regular expression: " + MessageText.line(why));
    }

    /**
     * Searches for a match. Blocks for a few seconds at most, whatever the expression.
     *
     * @param needless whether nobody waits for the result any more
     * @throws UndecidedException if the search was stopped before its result was known
     */
    public boolean isIn(String text, BooleanSupplier needless) {
        try {
            return pattern.matcher(new LimitedText(text, System.nanoTime() + LIMIT.toNanos(), needless)).find();
        } catch (StackOverflowError e) {
            throw new UndecidedException("needed too much memory");
        }
    }

    @Override
    public String toString() {
        return pattern.pattern();
    }

    /** The search needed too much time or memory. */
    public static final class UndecidedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UndecidedException(String what) {
            super("the search for validBody " + what + ": use a simpler expression", null, false, false);
        }
    }

    /** A text that can be read only for a limited time. Used by one thread. */
    private static final class LimitedText implements CharSequence {

        private final String text;
        private final long deadline;
        private final BooleanSupplier needless;
        private int reads;

        LimitedText(String text, long deadline, BooleanSupplier needless) {
            this.text = text;
            this.deadline = deadline;
            this.needless = needless;
        }

        @Override
        public char charAt(int index) {
            if (++reads % INTERVAL == 0 && (System.nanoTime() > deadline || needless.getAsBoolean())) {
                throw new UndecidedException("took more than " + LIMIT.toSeconds() + " seconds");
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
