package io.jenkins.plugins.concurrency.engine.fetch.proxy;

import io.jenkins.plugins.concurrency.engine.fetch.destination.Origin;
import java.io.IOException;

/** The connection to the proxy, or its answer, failed. The destination is not the cause. */
public final class ProxyException extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean lasting;

    /** @param cause what happened on the connection to the proxy */
    public ProxyException(Origin proxy, Exception cause) {
        super("the proxy " + proxy.hostAndPort(), cause);
        lasting = false;
    }

    /**
     * @param answer what the proxy answered, for example {@code refused to connect to …}
     * @param lasting whether the proxy would answer the same next time
     */
    public ProxyException(Origin proxy, String answer, boolean lasting) {
        super("the proxy " + proxy.hostAndPort() + " " + answer);
        this.lasting = lasting;
    }

    /** Whether another attempt would end in the same way. */
    public boolean isPermanent() {
        return lasting;
    }
}
