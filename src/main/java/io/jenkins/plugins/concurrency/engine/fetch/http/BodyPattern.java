package io.jenkins.plugins.concurrency.engine.fetch.http;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** A regular expression that something in a body has to match. Immutable. */
public final class BodyPattern {

    /** Far more than a sensible one needs for the longest text. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** Characters between two looks at the clock. */
    private static final int INTERVAL = 4096;

    private final Pattern pattern;

    private BodyPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /** @throws IllegalArgumentException if it is none, in one line */
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
     * Looks for a match. Blocks for seconds at most, whatever the pattern.
     *
     * @param needless whether nobody waits for it any more
     * @throws UndecidedException if that can't be said
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

    /** The search took too much of something. */
    public static final class UndecidedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UndecidedException(String what) {
            super("the search for validBody " + what + ": use a simpler expression", null, false, false);
        }
    }

    /** A text that can't be read for ever. Of one thread. */
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
