package io.jenkins.plugins.concurrency.engine.fetch;

/** How far an exchange got. */
enum ExchangePhase {
    CONNECTING,
    /** Connected; nothing of the response is there. */
    WAITING,
    /** Something of the response is there, but not its whole head. */
    HEAD,
    BODY
}
