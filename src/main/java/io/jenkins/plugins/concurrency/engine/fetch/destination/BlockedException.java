package io.jenkins.plugins.concurrency.engine.fetch.destination;

import java.io.IOException;

/** The rules forbid a destination. The message says which and why, in one line. */
public final class BlockedException extends IOException {

    private static final long serialVersionUID = 1L;

    BlockedException(String message) {
        super(message);
    }
}
