package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.net.SocketAddress;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.apache.hc.core5.util.Timeout;

/**
 * TLS with the JVM's trust store and the JVM's own check of host names. The store is read when the first connection
 * needs it: many runs need none, and reading it takes longer than some of them.
 *
 * <p>HttpClient's own strategy is not used: in 5.5 it sets the check of host names too late when it is told to leave
 * that to the JVM, so that there is none; and its other way loads a list of all public suffixes first.
 */
final class JvmTls implements TlsStrategy {

    @CheckForNull
    private final SSLContext given;

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
        session.startTls(
                context(),
                endpoint,
                SSLBufferMode.STATIC,
                (peer, engine) -> checkHostName(engine),
                null,
                handshakeTimeout,
                callback);
    }

    @Override
    @Deprecated
    public boolean upgrade(
            TransportSecurityLayer session,
            HttpHost host,
            SocketAddress localAddress,
            SocketAddress remoteAddress,
            Object attachment,
            Timeout handshakeTimeout) {
        upgrade(session, host, attachment, handshakeTimeout, null);
        return true;
    }

    private static void checkHostName(SSLEngine engine) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
    }

    @NonNull
    private SSLContext context() {
        if (given != null) {
            return given;
        }
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JVM has no default SSL context: " + e.getMessage(), e);
        }
    }
}
