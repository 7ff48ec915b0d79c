package io.jenkins.plugins.concurrency.engine.supervisor;

import java.io.IOException;

/** The time between two looks at a supervisor. */
final class LookPause {

    private LookPause() {}

    /** @throws IOException if the thread is interrupted, which it stays */
    static void take(long millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while looking for a supervisor", e);
        }
    }
}
