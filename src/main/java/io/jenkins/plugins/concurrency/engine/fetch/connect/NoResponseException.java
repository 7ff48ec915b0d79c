package io.jenkins.plugins.concurrency.engine.fetch.connect;

import org.apache.hc.core5.http.ParseException;

/**
 * The received data is not the beginning of a response. On a reused connection it may be left over from the exchange
 * before.
 */
public final class NoResponseException extends ParseException {

    private static final long serialVersionUID = 1L;

    NoResponseException(String message) {
        super(message);
    }
}
