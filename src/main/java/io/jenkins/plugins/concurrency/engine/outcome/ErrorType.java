package io.jenkins.plugins.concurrency.engine.outcome;

import java.util.Arrays;
import java.util.Locale;

/** Why a branch failed. Scripts can compare {@code error.type} with these, so the set is fixed. */
public enum ErrorType {
    /** An attempt did not end within its {@code timeout}, or a connection within {@code connectTimeout}. */
    TIMEOUT,
    /** No connection (unknown host, refused), or it broke before the whole response had arrived. */
    CONNECT,
    /** The TLS handshake or the check of the certificate failed. */
    TLS,
    /** The response's status is not in {@code validStatus}. */
    STATUS,
    /** The body has nothing that matches {@code validBody}. */
    CONTENT,
    /** A body or an output is larger than its limit. */
    TOO_LARGE,
    /** The content's hash is not the expected one. */
    CHECKSUM,
    /** The administrator's rules forbid the destination. */
    BLOCKED,
    /** A command ended with an exit code other than 0. */
    EXIT,
    /** A worker process died while it worked on the branch. */
    CRASH,
    /** The peer (server or worker) answered something that its protocol does not allow. */
    PROTOCOL,
    /** The branch was cancelled before it ended: {@code failFast}, an abort, an enclosing timeout. */
    CANCELLED,
    /** The branch never started, because one that it needs did not succeed. */
    SKIPPED,
    /** Nobody knows how the branch ended: its supervisor or agent is gone. */
    LOST,
    /** The branch's definition can't be carried out, for example because its URL is not valid. */
    INVALID,
    /** The work itself failed: a function threw, a file could not be written. */
    ERROR;

    private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The name in results, journals and documentation, for example {@code too-large}. */
    public String text() {
        return text;
    }

    /**
     * The type with this {@link #text()}.
     *
     * @throws IllegalArgumentException if there is no such type
     */
    public static ErrorType of(String text) {
        return Arrays.stream(values())
                .filter(type -> type.text.equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no error type '" + text + "'"));
    }
}
