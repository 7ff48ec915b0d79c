package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;

/** The way to the proxy, or its answer, is at fault and not the destination. */
public final class ProxyException extends IOException {

    private static final long serialVersionUID = 1L;

    /** @param cause what happened on the connection to the proxy */
    ProxyException(@NonNull Origin proxy, @NonNull Exception cause) {
        super("the proxy " + proxy.hostAndPort(), cause);
    }

    /** @param answer what the proxy said */
    ProxyException(@NonNull Origin proxy, @NonNull String answer) {
        super("the proxy " + proxy.hostAndPort() + " " + answer);
    }
}
