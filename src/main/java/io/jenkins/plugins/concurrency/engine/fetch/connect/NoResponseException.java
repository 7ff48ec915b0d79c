package io.jenkins.plugins.concurrency.engine.fetch.connect;

import org.apache.hc.core5.http.ParseException;

/** What came does not begin as a response does: on a connection that has been used before it may be left over from there. */
public final class NoResponseException extends ParseException {

    private static final long serialVersionUID = 1L;

    NoResponseException(String message) {
        super(message);
    }
}
