package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.Collections;
import java.util.WeakHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.net.Host;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.apache.hc.core5.util.Timeout;

/**
 * TLS with the JVM's trust store and the JVM's own check of host names. The store is read when the first connection
 * needs it: many runs need none, and reading it takes longer than some of them. Safe for use by many threads.
 */
public final class Tls {

    /** {@code null} for the JVM's. */
    @CheckForNull
    private final TrustManager[] trust;

    /** Whether any certificate of any host will do. */
    private final boolean unchecked;

    /** One for each identity that is in use. */
    private final Map<ClientIdentity, SSLContext> contexts = Collections.synchronizedMap(new WeakHashMap<>());

    private Tls(TrustManager[] trust, boolean unchecked) {
        this.trust = trust;
        this.unchecked = unchecked;
    }

    /** Trusts what the JVM trusts. */
    @NonNull
    public static Tls ofJvm() {
        return new Tls(null, false);
    }

    /** Trusts what these trust. */
    @NonNull
    public static Tls trusting(@NonNull TrustManager[] trust) {
        return new Tls(trust.clone(), false);
    }

    /** Trusts everybody: encrypts, but does not know to whom it speaks. */
    @NonNull
    static Tls trustingAnybody() {
        return new Tls(new TrustManager[] {new TrustAnybody()}, true);
    }

    /**
     * Starts the handshake on a new connection.
     *
     * @param limit for how long the peer may be silent within it
     */
    void start(
            @NonNull ProtocolIOSession session,
            @NonNull Route route,
            boolean http2,
            @NonNull Duration limit,
            @NonNull FutureCallback<TransportSecurityLayer> callback) {
        session.startTls(
                context(route.identity()),
                new Host(withoutFinalDot(route.origin().host()), route.origin().port()),
                SSLBufferMode.DYNAMIC,
                (peer, engine) -> prepare(engine, http2),
                null,
                Timeout.of(limit),
                callback);
    }

    /** Names in certificates have none. */
    private static String withoutFinalDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    private void prepare(SSLEngine engine, boolean http2) {
        SSLParameters parameters = engine.getSSLParameters();
        if (!unchecked) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        String[] protocols = http2
                ? new String[] {Negotiation.HTTP_2, Negotiation.HTTP_1}
                : new String[] {Negotiation.HTTP_1};
        parameters.setApplicationProtocols(protocols);
        engine.setSSLParameters(parameters);
    }

    private SSLContext context(ClientIdentity identity) {
        try {
            SSLContext known = contexts.get(identity);
            if (known != null) {
                return known;
            }
            // none, rather than those that the JVM itself was given
            KeyManager[] keys = identity == null ? new KeyManager[0] : identity.keys();
            SSLContext jvm = SSLContext.getInstance("TLS");
            jvm.init(keys, trust, null);
            SSLContext made = BoundedSslEngine.context(jvm);
            SSLContext other = contexts.putIfAbsent(identity, made);
            return other == null ? made : other;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JVM has no TLS: " + e.getMessage(), e);
        }
    }
}
