package io.jenkins.plugins.concurrency.bench.race;

/** One line on a terminal that says what goes on; nothing where the output goes elsewhere. */
public final class Progress {

    private static final int WIDTH = 78;

    private final boolean shown = System.console() != null;

    /** Replaces the line. */
    public void show(String text) {
        if (shown) {
            String line = text.length() > WIDTH ? text.substring(0, WIDTH) : text;
            System.err.printf("\r%-" + WIDTH + "s", line);
        }
    }

    /** Removes the line. */
    public void clear() {
        if (shown) {
            System.err.printf("\r%" + WIDTH + "s\r", "");
        }
    }
}
