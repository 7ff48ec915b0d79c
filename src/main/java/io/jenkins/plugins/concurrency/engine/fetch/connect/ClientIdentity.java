package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/**
 * A certificate with its private key, by which a client makes itself known in TLS handshakes. Connections made with
 * one serve exchanges with this very object only. Immutable.
 */
public final class ClientIdentity {

    private final KeyManager[] keys;

    private ClientIdentity(KeyManager[] keys) {
        this.keys = keys;
    }

    /**
     * Reads a PKCS #12 key store.
     *
     * @throws IOException if it is none that the password opens, in one line
     */
    @NonNull
    public static ClientIdentity of(@NonNull byte[] pkcs12, @NonNull String password) throws IOException {
        char[] secret = password.toCharArray();
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(pkcs12), secret);
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, secret);
            return new ClientIdentity(factory.getKeyManagers());
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate can't be used: " + e.getMessage(), e);
        }
    }

    @NonNull
    KeyManager[] keys() {
        return keys.clone();
    }
}
