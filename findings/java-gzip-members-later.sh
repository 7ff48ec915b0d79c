#!/usr/bin/env bash
# On Java 17 it depends on packets how much GZIPInputStream reads; HttpClient 5's two clients and OkHttp differ as well.
#
# A server sends Content-Encoding: gzip with two members ("first", "second"), which is one valid gzip file (RFC 1952, 2.2), with
# the right Content-Length. It sends them together, or the second a second later. What the program gets, without an exception
# unless one is named, seen with Debian's openjdk-17 and Temurin 25:
#                                            together                    later
#   java.net.http + GZIPInputStream, 17      first second                first
#   java.net.http + GZIPInputStream, 25      first second                first second
#   HttpClient 5.6.5 classic, 17             first second                first
#   HttpClient 5.6.5 classic, 25             first second                first second
#   HttpClient 5.6.5 async, 17 and 25        first                       first
#   OkHttp 5.5.1, 17 and 25                  IOException: gzip finished without exhausting source (both)
#
# Good guesses miss it: GZIPInputStream reads all members, says its source, and tests with files and byte arrays prove it. At the
# end of a member Java 17 asks the stream below for available(), and 0 means the end. With a network it may mean "not yet".
# The async client of HttpClient 5.6 unpacks by itself, as the classic one does, but with other code.
#
# Needs Maven, python3, curl and two JDKs, 17 and 25: JAVA17 and JAVA25 name their folders. Exits 0 while it is so.
set -eu

java17=${JAVA17:-/usr/lib/jvm/java-17-openjdk-amd64}
java25=${JAVA25:-/usr/lib/jvm/temurin-25-jdk-amd64}
for home in "$java17" "$java25"; do
    [ -x "$home/bin/java" ] || { echo "$home is no JDK: set JAVA17 and JAVA25"; exit 77; }
done
for program in mvn python3 curl; do
    command -v "$program" >/dev/null || { echo "$program is not installed"; exit 77; }
done
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
cd "$folder"
port=$((20000 + $$ % 20000))
cat > server.py <<'PYTHON'
import gzip
import socket
import sys
import threading
import time

MEMBERS = [gzip.compress(b'first '), gzip.compress(b'second')]


def answer(connection):
    with connection, connection.makefile('rb') as request:
        later = request.readline().split()[1] == b'/later'
        while request.readline().strip():
            pass
        head = b'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\nConnection: close\r\n'
        head += b'Content-Length: %d\r\n\r\n' % sum(map(len, MEMBERS))
        connection.sendall(head + (MEMBERS[0] if later else b''.join(MEMBERS)))
        if later:
            time.sleep(1)
            connection.sendall(MEMBERS[1])


listener = socket.create_server(('127.0.0.1', int(sys.argv[1])))
while True:
    threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()
PYTHON
cat > pom.xml <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.httpcomponents.client5</groupId><artifactId>httpclient5</artifactId><version>5.6.5</version></dependency>
    <dependency><groupId>com.squareup.okhttp3</groupId><artifactId>okhttp-jvm</artifactId><version>5.5.1</version></dependency>
  </dependencies>
</project>
POM
mvn -q -B -ntp -Dmaven.repo.local="$folder/m2" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=lib
cat > Members.java <<'JAVA'
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.Callable;
import java.util.zip.GZIPInputStream;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;

public class Members {
    public static void main(String[] arguments) throws Exception {
        for (String path : new String[] {"/together", "/later"}) {
            String url = arguments[0] + path;
            print("java.net.http " + path, () -> {
                HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
                var client = java.net.http.HttpClient.newHttpClient();
                var body = client.send(request, BodyHandlers.ofInputStream()).body();
                return new String(new GZIPInputStream(body).readAllBytes());
            });
            print("HttpClient 5 classic " + path, () -> {
                try (var client = HttpClients.createDefault()) {
                    return client.execute(ClassicRequestBuilder.get(url).build(), answer -> EntityUtils.toString(answer.getEntity()));
                }
            });
            print("HttpClient 5 async " + path, () -> {
                try (var client = HttpAsyncClients.createDefault()) {
                    client.start();
                    return client.execute(SimpleRequestBuilder.get(url).build(), null).get().getBodyText();
                }
            });
            print("OkHttp " + path, () -> {
                try (var answer = new OkHttpClient().newCall(new Request.Builder().url(url).build()).execute()) {
                    return answer.body().string();
                }
            });
        }
        System.exit(0);
    }

    private static void print(String name, Callable<String> call) {
        try {
            System.out.println(name + ": " + call.call().trim());
        } catch (Exception e) {
            System.out.println(name + ": " + e.getMessage());
        }
    }
}
JAVA
"$java17/bin/javac" -cp 'lib/*' -d . Members.java
python3 server.py "$port" 2> log &
server=$!
curl -s --retry 20 --retry-connrefused --retry-delay 1 -o /dev/null "http://127.0.0.1:$port/together"
result=0
check() { # home, what "later" is with GZIPInputStream
    local seen wanted="java.net.http /together: first second
HttpClient 5 classic /together: first second
HttpClient 5 async /together: first
OkHttp /together: gzip finished without exhausting source
java.net.http /later: $2
HttpClient 5 classic /later: $2
HttpClient 5 async /later: first
OkHttp /later: gzip finished without exhausting source"
    seen=$("$1/bin/java" -cp '.:lib/*' Members "http://127.0.0.1:$port" 2> errors)
    echo "$(sed -n 's/^JAVA_VERSION=//p' "$1/release")"
    echo "$seen"
    [ "$seen" = "$wanted" ] || result=1
}
check "$java17" first
check "$java25" 'first second'
exit "$result"
