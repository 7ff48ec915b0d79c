package io.jenkins.plugins.concurrency.engine.fetch;

import java.io.IOException;

/** A message that had begun did not go on. */
final class IdleTimeoutException extends IOException {

    private static final long serialVersionUID = 1L;

    IdleTimeoutException() {
        super("stalled");
    }
}
