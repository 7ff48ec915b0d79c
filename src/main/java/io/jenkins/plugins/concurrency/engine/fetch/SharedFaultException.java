package io.jenkins.plugins.concurrency.engine.fetch;

import java.io.IOException;

/** A connection broke over what its server had sent for another request, or for none. */
final class SharedFaultException extends IOException {

    private static final long serialVersionUID = 1L;

    SharedFaultException(Exception cause) {
        super(cause);
    }
}
