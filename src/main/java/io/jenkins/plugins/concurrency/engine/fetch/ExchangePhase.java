package io.jenkins.plugins.concurrency.engine.fetch;

/** How far an exchange got. */
enum ExchangePhase {
    CONNECTING,
    /** The connection is open. Nothing of the response has arrived. */
    WAITING,
    /** A part of the response's head has arrived, but not the whole head. */
    HEAD,
    BODY
}
