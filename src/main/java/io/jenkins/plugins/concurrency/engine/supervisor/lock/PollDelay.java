package io.jenkins.plugins.concurrency.engine.supervisor.lock;

import java.io.IOException;

/** The pause between two looks at a supervisor. */
public final class PollDelay {

    private PollDelay() {}

    /** @throws IOException if the thread is interrupted; it stays interrupted */
    public static void sleep(long millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while looking for a supervisor", e);
        }
    }
}
