#!/usr/bin/env bash
# Java's HttpClient gets 400, 405 or a closed connection for ordinary pages of a Node.js server that also has web sockets.
#
# Its requests to http URLs carry "Upgrade: h2c" unless HTTP/1.1 is asked for. Seen with Java 17 and 25, and Node.js 20 with npm's
# ws 8.23.0 and socket.io 4.8.4, for /page, which http.createServer's listener answers:
#                                            GET                  POST
#   no web sockets                           200                  200
#   ws                                       400                  405 (body: Invalid HTTP method)
#   ws with path: '/socket'                  400                  405
#   socket.io                                IOException: HTTP/1.1 header parser received no bytes, for both
#   all of them, with version(HTTP_1_1)      200                  200
#
# Good guesses miss it: a server may ignore Upgrade, and Node.js does so, until anything listens to 'upgrade' on the server. From
# then on the page's own listener is not called for such requests. ws refuses what is not for its path too, and complains
# of the method before it looks at Upgrade. Nothing in a 405 for a POST leads to web sockets.
#
# Needs nodejs with npm, curl, and two JDKs, 17 and 25: JAVA17 and JAVA25 name their folders. Exits 0 while it is so.
set -eu

java17=${JAVA17:-/usr/lib/jvm/java-17-openjdk-amd64}
java25=${JAVA25:-/usr/lib/jvm/temurin-25-jdk-amd64}
for home in "$java17" "$java25"; do
    [ -x "$home/bin/java" ] || { echo "$home is no JDK: set JAVA17 and JAVA25"; exit 77; }
done
case $(node --version 2>&1) in v20.*) echo "node $(node --version)" ;; *) echo "Node.js 20 is not installed"; exit 77 ;; esac
for program in npm curl; do
    command -v "$program" >/dev/null || { echo "$program is not installed"; exit 77; }
done
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund ws@8.23.0 socket.io@4.8.4
port=$((20000 + $$ % 20000))
cat > server.mjs <<'NODE'
import http from 'node:http';
import { Server } from 'socket.io';
import { WebSocketServer } from 'ws';
const start = (port) => http.createServer((request, response) => {
    request.resume().on('end', () => response.end('page'));
}).listen(port, '127.0.0.1');
const port = Number(process.argv[2]);
new WebSocketServer({ server: start(port + 1) });
new WebSocketServer({ server: start(port + 2), path: '/socket' });
new Server(start(port + 3));
start(port);
NODE
cat > Ask.java <<'JAVA'
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

public class Ask {
    public static void main(String[] arguments) throws Exception {
        for (HttpClient.Version version : new HttpClient.Version[] {HttpClient.Version.HTTP_2, HttpClient.Version.HTTP_1_1}) {
            for (int i = 0; i < 4; i++) {
                HttpClient client = HttpClient.newBuilder().version(version).build(); // HTTP_2 is the default
                URI uri = URI.create("http://127.0.0.1:" + (Integer.parseInt(arguments[0]) + i) + "/page");
                System.out.print(ask(client, HttpRequest.newBuilder(uri).build()) + " ");
                System.out.print(ask(client, HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString("x")).build()) + "; ");
            }
        }
        System.out.println();
        System.exit(0);
    }

    private static String ask(HttpClient client, HttpRequest request) throws InterruptedException {
        try {
            return String.valueOf(client.send(request, BodyHandlers.ofString()).statusCode());
        } catch (IOException e) {
            return e.getMessage();
        }
    }
}
JAVA
"$java17/bin/javac" -d . Ask.java
node server.mjs "$port" &
server=$!
curl -s --retry 20 --retry-connrefused --retry-delay 1 -o /dev/null "http://127.0.0.1:$port/page"
closed='HTTP/1.1 header parser received no bytes'
wanted="200 200; 400 405; 400 405; $closed $closed; 200 200; 200 200; 200 200; 200 200; "
result=0
for home in "$java17" "$java25"; do
    seen=$("$home/bin/java" Ask "$port")
    echo "$(sed -n 's/^JAVA_VERSION=//p' "$home/release"): $seen"
    [ "$seen" = "$wanted" ] || result=1
done
exit "$result"
