package io.jenkins.plugins.concurrency.engine.fetch;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Certificates from an authority of their own, both made by the JDK's keytool. */
public final class TestCertificates {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private final Path directory;
    private final KeyStore store;
    private final Certificate authority;

    /** @param options of keytool: what the certificate is for and when it is valid */
    public TestCertificates(Path directory, String... options) throws Exception {
        this.directory = directory;
        Path file = directory.resolve("certificates.p12");
        keytool(file, "authority", "-validity", "100", "-startdate", "-50d", "-ext", "bc:c");
        List<String> signed = new ArrayList<>(List.of("-signer", "authority"));
        signed.addAll(List.of(options));
        keytool(file, "server", signed.toArray(String[]::new));
        store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        authority = store.getCertificate("authority");
        store.deleteEntry("authority");
    }

    ServerSocket listen() throws Exception {
        return context(null).getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** Wants to see a certificate of a client, and takes one of this authority. */
    ServerSocket listenToKnownClients() throws Exception {
        SSLServerSocket socket = (SSLServerSocket) context(trust())
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        socket.setNeedClientAuth(true);
        return socket;
    }

    /** The certificate with its key, as PKCS #12 with the password {@code changeit}. */
    public byte[] pkcs12() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        store.store(out, PASSWORD);
        return out.toByteArray();
    }

    /** The certificate and its key, as nginx wants them. */
    String pem() throws Exception {
        Base64.Encoder lines = Base64.getMimeEncoder();
        return "-----BEGIN CERTIFICATE-----\n"
                + lines.encodeToString(store.getCertificate("server").getEncoded())
                + "\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\n"
                + lines.encodeToString(store.getKey("server", PASSWORD).getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    /** What a server with the certificate needs. */
    public SSLContext context(TrustManager[] clients) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), clients, null);
        return context;
    }

    /** Trusts this authority alone. */
    public TrustManager[] trust() throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", authority);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        return trust.getTrustManagers();
    }

    private void keytool(Path file, String alias, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", alias, "-keyalg", "EC", "-dname", "CN=" + alias,
                "-storetype", "PKCS12", "-storepass", "changeit", "-keystore", file.toString()));
        command.addAll(List.of(options));
        Path log = directory.resolve("keytool.log");
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IllegalStateException(Files.readString(log));
        }
    }
}
