package io.jenkins.plugins.concurrency.engine.fetch.connect;

import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;

/** A request and its response, as a connection sees them. */
public interface HttpExchange extends AsyncClientExchangeHandler {

    /**
     * Called by the I/O thread when the server of a shared connection will answer no stream after a certain one. It has
     * not acted on those streams.
     *
     * @param lastStream the last stream that the server may have processed
     */
    void goneAway(int lastStream);

    /** The number of its stream of a shared connection; 0 before it has one. Called by the I/O thread. */
    int stream();

    /** Whether nobody waits for the exchange any more, so that it need not be sent. Called by any thread. */
    boolean hasEnded();
}
