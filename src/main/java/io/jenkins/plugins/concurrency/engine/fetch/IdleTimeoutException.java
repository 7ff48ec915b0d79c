package io.jenkins.plugins.concurrency.engine.fetch;

import java.io.IOException;

/** A message started but did not continue in time. */
final class IdleTimeoutException extends IOException {

    private static final long serialVersionUID = 1L;

    IdleTimeoutException() {
        super("stalled");
    }
}
