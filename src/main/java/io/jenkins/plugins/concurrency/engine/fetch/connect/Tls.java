package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.destination.HostAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.apache.hc.client5.http.psl.PublicSuffixMatcherLoader;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.net.Host;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.reactor.ssl.TlsDetails;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.apache.hc.core5.util.Timeout;

/**
 * TLS with the JVM's trust store. The store is read when the first connection needs it: many runs need none, and
 * reading it takes longer than some of them. Thread-safe.
 *
 * <p>The JVM checks host names. HttpClient checks names that the JVM does not accept as host names but DNS does, such
 * as {@code my_host}. Each name that is no address is sent to the server (SNI); the JVM would not send names of one
 * label.
 */
public final class Tls {

    /** {@code null} for those of the JVM. */
    @CheckForNull
    private final TrustManager[] trust;

    /** Whether any certificate of any host is accepted. */
    private final boolean unchecked;

    /** One context for each identity in use. */
    private final Map<ClientIdentity, SSLContext> contexts = Collections.synchronizedMap(new WeakHashMap<>());

    private Tls(@CheckForNull TrustManager[] trust, boolean unchecked) {
        this.trust = trust;
        this.unchecked = unchecked;
    }

    /** Trusts what the JVM trusts. */
    public static Tls ofJvm() {
        return new Tls(null, false);
    }

    /** Trusts what these trust managers trust. */
    public static Tls trusting(TrustManager[] trust) {
        return new Tls(trust.clone(), false);
    }

    /** Trusts everybody. Data is encrypted, but nobody knows who the server is. */
    static Tls trustingAnybody() {
        return new Tls(new TrustManager[] {new TrustAnybody()}, true);
    }

    /**
     * Starts the handshake on a new connection.
     *
     * @param limit how long the peer may be silent during the handshake
     */
    void start(
            ProtocolIOSession session,
            Route route,
            boolean http2,
            Duration limit,
            FutureCallback<TransportSecurityLayer> callback) {
        String host = HostAddress.withoutFinalDot(route.origin().host()); // names in certificates have no final dot
        boolean byJvm = isNameToJvm(host);
        session.startTls(
                context(route.identity()),
                new Host(host, route.origin().port()),
                SSLBufferMode.DYNAMIC,
                (peer, engine) -> prepare(engine, host, byJvm, http2),
                unchecked || byJvm ? null : (peer, engine) -> checkName(engine, host),
                Timeout.of(limit),
                callback);
    }

    private static boolean isNameToJvm(String host) {
        try {
            return HostAddress.of(host) != null || !new SNIHostName(host).getAsciiName().isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void prepare(SSLEngine engine, String host, boolean byJvm, boolean http2) {
        SSLParameters parameters = engine.getSSLParameters();
        if (!unchecked && byJvm) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        if (HostAddress.of(host) == null) {
            parameters.setServerNames(List.of(new ServerName(host)));
        }
        String[] protocols = http2
                ? new String[] {ProtocolNegotiation.HTTP_2, ProtocolNegotiation.HTTP_1}
                : new String[] {ProtocolNegotiation.HTTP_1};
        parameters.setApplicationProtocols(protocols);
        engine.setSSLParameters(parameters);
    }

    /** @return {@code null}: the engine says which protocol was agreed on */
    @CheckForNull
    private static TlsDetails checkName(SSLEngine engine, String host) throws SSLException {
        try {
            X509Certificate certificate = (X509Certificate) engine.getSession().getPeerCertificates()[0];
            NameCheck.VERIFIER.verify(host, certificate);
            return null;
        } catch (SSLException e) {
            SSLException refused = new SSLHandshakeException(e.getMessage());
            refused.initCause(new CertificateException(e.getMessage()));
            throw refused;
        }
    }

    /**
     * The name that is sent to a server (SNI). {@link SNIHostName} would refuse the names that {@link #isNameToJvm}
     * refuses.
     */
    private static final class ServerName extends SNIServerName {
        ServerName(String host) {
            super(StandardConstants.SNI_HOST_NAME, host.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Loads the public suffix list when it is needed. */
    private static final class NameCheck {
        static final DefaultHostnameVerifier VERIFIER =
                new DefaultHostnameVerifier(PublicSuffixMatcherLoader.getDefault());
    }

    private SSLContext context(@CheckForNull ClientIdentity identity) {
        try {
            SSLContext known = contexts.get(identity);
            if (known != null) {
                return known;
            }
            // no keys, instead of those that the JVM itself was given
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

    /** Accepts every certificate, for runs whose administrator and author both allow it. */
    private static final class TrustAnybody extends X509ExtendedTrustManager {

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
