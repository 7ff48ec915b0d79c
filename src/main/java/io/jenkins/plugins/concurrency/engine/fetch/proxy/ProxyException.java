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
     * @param answer of the proxy
     * @param lasting whether it will say the same next time
     */
    public ProxyException(Origin proxy, String answer, boolean lasting) {
        super("the proxy " + proxy.hostAndPort() + " " + answer);
        this.lasting = lasting;
    }

    /** Whether there is no use in trying again. */
    public boolean isPermanent() {
        return lasting;
    }
}
