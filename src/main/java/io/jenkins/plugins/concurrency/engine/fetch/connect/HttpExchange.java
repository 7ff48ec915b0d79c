package io.jenkins.plugins.concurrency.engine.fetch.connect;

import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;

/** A request and its response, as a connection sees them. */
public interface HttpExchange extends AsyncClientExchangeHandler {

    /**
     * The server of a shared connection will answer no stream beyond a certain one, and has not acted on any. Called by
     * the I/O thread.
     *
     * @param lastStream the last one that the server has looked at
     */
    void goneAway(int lastStream);

    /** The number of its stream on a shared connection; 0 before it has one. Called by the I/O thread. */
    int stream();

    /** Whether nobody waits for it any more, so that it need not be sent. Called by any thread. */
    boolean hasEnded();
}
