#!/usr/bin/env bash
# Java 25 begins the message of a TLS alert with the alert's name, where Java 17 begins with "Received fatal alert: ".
#
# Seen with Debian's openjdk-17 and Temurin 25: the JVM's own client and server, TLS 1.3, the server asks for a client
# certificate and the client has none. Message of the client's SSLHandshakeException, or SSLException, in getMessage():
#   Java 17: "Received fatal alert: bad_certificate"
#   Java 25: "(certificate_required) Received fatal alert: certificate_required"
# The other alert is the server's: that of Java 25 sends what TLS 1.3 has for it.
#
# Good guesses miss it: the exception has no accessor for the alert, so programs that want to know whether another attempt
# makes sense read its message, and startsWith("Received fatal alert") is the usual way. It compiles and fails silently:
# with Java 25 an alert that never changes looks like a broken connection and is tried again.
#
# Needs two JDKs, 17 and 25: JAVA17 and JAVA25 name their folders. Exits 0 while it is so.
set -eu

java17=${JAVA17:-/usr/lib/jvm/java-17-openjdk-amd64}
java25=${JAVA25:-/usr/lib/jvm/temurin-25-jdk-amd64}
for home in "$java17" "$java25"; do
    [ -x "$home/bin/java" ] || { echo "$home is no JDK: set JAVA17 and JAVA25"; exit 77; }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/Alert.java" <<'JAVA'
import java.io.FileInputStream;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

public class Alert {
    public static void main(String[] arguments) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (FileInputStream in = new FileInputStream(arguments[0])) {
            store.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, "changeit".toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        SSLContext serverSide = SSLContext.getInstance("TLS");
        serverSide.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        SSLContext clientSide = SSLContext.getInstance("TLS");
        clientSide.init(null, trust.getTrustManagers(), null);
        SSLServerSocket server = (SSLServerSocket) serverSide.getServerSocketFactory().createServerSocket(0);
        server.setNeedClientAuth(true);
        Thread thread = new Thread(() -> {
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                socket.startHandshake();
            } catch (Exception e) {
                // the client is what matters here
            }
        });
        thread.start();
        try (SSLSocket socket = (SSLSocket) clientSide.getSocketFactory().createSocket("localhost", server.getLocalPort())) {
            socket.startHandshake();
            socket.getInputStream().read();
        } catch (SSLException e) {
            System.out.println(e.getMessage());
        }
        thread.join();
    }
}
JAVA
"$java17/bin/keytool" -genkeypair -alias localhost -keyalg EC -dname CN=localhost -validity 2 -storetype PKCS12 \
    -storepass changeit -keystore "$folder/store.p12" >/dev/null 2>&1
"$java17/bin/javac" -d "$folder" "$folder/Alert.java"
result=0
check() { # wanted, home
    local seen
    seen=$("$2/bin/java" -cp "$folder" Alert "$folder/store.p12")
    echo "$(sed -n 's/^JAVA_VERSION=//p' "$2/release"): $seen"
    [ "$seen" = "$1" ] || result=1
}
check 'Received fatal alert: bad_certificate' "$java17"
check '(certificate_required) Received fatal alert: certificate_required' "$java25"
exit "$result"
