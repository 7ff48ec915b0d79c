#!/usr/bin/env bash
# The JVM can neither name nor serve a TLS host with an underscore, which DNS, curl, browsers and nginx can.
#
# Seen with Debian's openjdk-17 and the same in 25: SNIHostName refuses "my_host", made of bytes too. Left to itself
# the client sends no server name for such a host, and none for hosts of one label either: a server with several
# certificates shows its default one. And a JSSE server (Tomcat, Jetty, Jenkins itself) ends the handshake of a client that does send it, so that
# curl can't reach it by such a name, where "curl -k" by address can.
#
# Good guesses miss it: SNIHostName(byte[]) looks like the way round the check of SNIHostName(String), and is none; an
# SNIServerName of one's own is.
#
# Needs a JDK 17 or later, openssl (Debian). Exits 0 while it is so.
set -eu

for program in java keytool openssl; do
    command -v "$program" >/dev/null || { echo "$program is not installed"; exit 77; }
done
folder=$(mktemp -d)
server=
trap 'test -z "$server" || kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
keytool -genkeypair -alias a -keyalg EC -dname CN=localhost -storetype PKCS12 -storepass changeit \
    -keystore "$folder/keys.p12" 2>/dev/null
cat > "$folder/Names.java" <<'JAVA'
import java.io.FileInputStream;
import java.security.KeyStore;
import javax.net.ssl.*;

public class Names {
    public static void main(String[] arguments) throws Exception {
        for (String name : new String[] {"plainhost", "my_host"}) {
            try {
                new SNIHostName(name.getBytes("US-ASCII"));
                System.out.println(name + ": a name");
            } catch (IllegalArgumentException e) {
                System.out.println(name + ": refused");
            }
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(new FileInputStream(arguments[0]), "changeit".toCharArray());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        try (var listener = context.getServerSocketFactory().createServerSocket(0)) {
            System.out.println("port " + listener.getLocalPort());
            while (true) {
                try (var client = (SSLSocket) listener.accept()) {
                    client.startHandshake();
                } catch (java.io.IOException e) {
                    // told by the client
                }
            }
        }
    }
}
JAVA
java -version 2>&1 | head -1
java "$folder/Names.java" "$folder/keys.p12" > "$folder/said" 2>&1 &
server=$!
for i in $(seq 60); do grep -q '^port' "$folder/said" && break; sleep 1; done
port=$(sed -n 's/^port //p' "$folder/said")
grep host "$folder/said"
shake() { openssl s_client -connect "127.0.0.1:$port" "$@" </dev/null 2>&1 | grep -q 'BEGIN CERTIFICATE' && echo done || echo failed; }
seen="$(shake -noservername) $(shake -servername plainhost) $(shake -servername my_host)"
echo "handshakes with a JSSE server, without a name, with plainhost, with my_host: $seen"
grep -q 'my_host: refused' "$folder/said" && test "$seen" = "done done failed"
