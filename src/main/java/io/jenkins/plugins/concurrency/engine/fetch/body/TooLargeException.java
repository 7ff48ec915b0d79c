package io.jenkins.plugins.concurrency.engine.fetch.body;

import java.io.IOException;

/** A body is larger than its limit. Ends the exchange before more arrives. */
public final class TooLargeException extends IOException {

    private static final long serialVersionUID = 1L;

    private static final int MIB = 1024 * 1024;

    /**
     * @param limit in bytes
     * @param remedy what the user can do, to go behind a colon
     */
    public TooLargeException(long limit, String remedy) {
        super("the body is larger than " + size(limit) + ": " + remedy);
    }

    private static String size(long bytes) {
        return bytes % MIB == 0 ? bytes / MIB + " MiB" : bytes + " bytes";
    }
}
