package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.apache.hc.core5.util.Timeout;

/**
 * TLS with the JVM's trust store and the JVM's own check of host names. The store is read when the first connection
 * needs it: many runs need none, and reading it takes longer than some of them.
 */
final class JvmTls implements TlsStrategy {

    @CheckForNull
    private final SSLContext given;

    /** Guarded by this. */
    private TlsStrategy delegate;

    JvmTls() {
        this(null);
    }

    /** @param context {@code null} for the JVM's default one */
    JvmTls(@CheckForNull SSLContext context) {
        this.given = context;
    }

    @Override
    public void upgrade(
            TransportSecurityLayer session,
            NamedEndpoint endpoint,
            Object attachment,
            Timeout handshakeTimeout,
            FutureCallback<TransportSecurityLayer> callback) {
        delegate().upgrade(session, endpoint, attachment, handshakeTimeout, callback);
    }

    @Override
    @Deprecated
    public boolean upgrade(
            TransportSecurityLayer session,
            HttpHost host,
            java.net.SocketAddress localAddress,
            java.net.SocketAddress remoteAddress,
            Object attachment,
            Timeout handshakeTimeout) {
        upgrade(session, host, attachment, handshakeTimeout, null);
        return true;
    }

    @NonNull
    private synchronized TlsStrategy delegate() {
        if (delegate == null) {
            delegate = ClientTlsStrategyBuilder.create()
                    .setSslContext(given == null ? jvmContext() : given)
                    .setHostVerificationPolicy(HostnameVerificationPolicy.BUILTIN)
                    .buildAsync();
        }
        return delegate;
    }

    private static SSLContext jvmContext() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JVM has no default SSL context: " + e.getMessage(), e);
        }
    }
}
