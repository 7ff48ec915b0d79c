package io.jenkins.plugins.concurrency.engine.pool.worker;

import java.io.IOException;

/** A worker can't be used. One line for users. */
final class WorkerException extends IOException {

    private static final long serialVersionUID = 1;

    enum Kind {
        /** It can't do such work at all, nor can another. */
        REFUSED,
        /** It ended before it could read the request. */
        NOT_TAKEN,
        /** It ended during the call. */
        DIED,
        /** It wrote what is no answer. */
        NONSENSE
    }

    private final Kind kind;

    WorkerException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }
}
