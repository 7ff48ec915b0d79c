package io.jenkins.plugins.concurrency.engine.journal;

import java.io.IOException;

/** A journal has reached its size limit. The message names the limit, in one line. */
public final class JournalFullException extends IOException {

    private static final long serialVersionUID = 1L;

    private static final long MEBIBYTE = 1024 * 1024;

    /** @param limit in bytes */
    public JournalFullException(long limit) {
        super("the journal would be larger than the administrator allows: "
                + (limit % MEBIBYTE == 0 ? limit / MEBIBYTE + " MiB" : limit + " bytes")
                + "; write large bodies and outputs to files");
    }
}
