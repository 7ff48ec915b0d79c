package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;

/** A connection broke over what its server had sent for another request, or for none. */
final class SharedFaultException extends IOException {

    private static final long serialVersionUID = 1L;

    SharedFaultException(@NonNull Exception cause) {
        super(cause);
    }
}
