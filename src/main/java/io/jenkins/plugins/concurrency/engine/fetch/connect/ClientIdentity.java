package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * A client certificate with its private key, for TLS handshakes. Connections made with it serve only exchanges with
 * this very object. Immutable.
 */
public final class ClientIdentity {

    private final KeyManager[] keys;
    private final String missingIssuer;

    private ClientIdentity(KeyManager[] keys, String missingIssuer) {
        this.keys = keys;
        this.missingIssuer = missingIssuer;
    }

    /**
     * Reads a PKCS #12 key store.
     *
     * @throws IOException if it is no key store, or the password does not open it; the message is one line
     */
    public static ClientIdentity of(byte[] pkcs12, String password) throws IOException {
        char[] secret = password.toCharArray();
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(pkcs12), secret);
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, secret);
            KeyManager[] keys = Stream.of(factory.getKeyManagers())
                    .map(keyManager -> keyManager instanceof X509ExtendedKeyManager known
                            ? new ShownInAnyCase(known)
                            : keyManager)
                    .toArray(KeyManager[]::new);
            return new ClientIdentity(keys, missingIssuer(store));
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate can't be used: " + e.getMessage(), e);
        }
    }

    /** The issuer of the certificate, if the certificate is the only one of its chain; {@code null} otherwise. */
    @CheckForNull
    public String missingIssuer() {
        return missingIssuer;
    }

    @CheckForNull
    private static String missingIssuer(KeyStore store) throws GeneralSecurityException {
        for (String alias : Collections.list(store.aliases())) {
            Certificate[] chain = store.getCertificateChain(alias);
            if (chain != null && chain.length == 1 && chain[0] instanceof X509Certificate alone) {
                String issuer = alone.getIssuerX500Principal().getName();
                return issuer.equals(alone.getSubjectX500Principal().getName()) ? null : issuer;
            }
        }
        return null;
    }

    KeyManager[] keys() {
        return keys.clone();
    }

    /**
     * Sends a certificate also to a server that names only issuers further up its chain. The JVM would send none, and
     * the server could not know why.
     */
    private static final class ShownInAnyCase extends X509ExtendedKeyManager {

        private final X509ExtendedKeyManager keys;

        ShownInAnyCase(X509ExtendedKeyManager keys) {
            this.keys = keys;
        }

        @Override
        public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
            String alias = keys.chooseEngineClientAlias(types, issuers, engine);
            return alias == null ? keys.chooseEngineClientAlias(types, null, engine) : alias;
        }

        @Override
        public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return keys.chooseClientAlias(types, issuers, socket);
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return keys.getClientAliases(type, issuers);
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return keys.getServerAliases(type, issuers);
        }

        @Override
        public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return keys.chooseServerAlias(type, issuers, socket);
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return keys.getCertificateChain(alias);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return keys.getPrivateKey(alias);
        }
    }
}
