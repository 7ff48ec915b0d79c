package io.jenkins.plugins.concurrency.steps.nodes;

import java.util.concurrent.Callable;

/** Waits for what other processes and threads do, which can only be looked at. */
final class Looks {

    private static final long LIMIT_NANOS = 300_000_000_000L;
    private static final long PAUSE_MILLIS = 10;

    private Looks() {}

    static void until(String event, Callable<Boolean> condition) throws Exception {
        long begin = System.nanoTime();
        while (!condition.call()) {
            if (System.nanoTime() - begin > LIMIT_NANOS) {
                throw new AssertionError("waited in vain: " + event);
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }
}
