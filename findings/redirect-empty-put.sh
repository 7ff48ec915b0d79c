#!/usr/bin/env bash
# After a redirect python3-requests sends PUT again with nothing in it, and HttpURLConnection deletes the page of the result.
#
# The methods that arrive at the target of a redirect, and their bodies, seen with Debian's packages and Temurin 25:
#   answer  request      requests 2.28.1   httpx 0.23.3   HttpURLConnection   java.net.http (both on Java 17 and 25)
#   301     PUT "x"      PUT ""            PUT "x"        PUT "x"             PUT "x"
#   302     PUT "x"      GET               GET            PUT "x"             PUT "x"
#   303     PUT "x"      GET               GET            PUT "x"             GET
#   301     DELETE       DELETE            DELETE         DELETE              DELETE
#   302     DELETE       GET               GET            DELETE              DELETE
#   303     DELETE       GET               GET            DELETE              GET
#   303     HEAD         HEAD              HEAD           HEAD                GET
# RFC 9110 (15.4): 301 and 302 may turn POST into GET, no other method; 303 means GET, or HEAD for HEAD, at the target. Nobody
# raises an error: the last answer's 200 is the result. The PUT without a body empties what it should have written.
#
# Good guesses miss it: "301 and 302 turn into GET, or keep method and body" leaves out the third way, which keeps the method
# and drops the body. "See Other" names a page about what has been deleted, and that page is what the JVM deletes next.
# Whoever asks for the size with HEAD gets the whole file with java.net.http, if there is a 303 on the way.
#
# Needs Debian's python3-requests and python3-httpx, curl, and two JDKs, 17 and 25: JAVA17 and JAVA25 name their folders. Exits 0
# while it is so.
set -eu

for package in python3-requests python3-httpx curl; do
    dpkg-query -W -f '${Package} ${Version}\n' "$package" || { echo "apt-get install $package"; exit 77; }
done
java17=${JAVA17:-/usr/lib/jvm/java-17-openjdk-amd64}
java25=${JAVA25:-/usr/lib/jvm/temurin-25-jdk-amd64}
for home in "$java17" "$java25"; do
    [ -x "$home/bin/java" ] || { echo "$home is no JDK: set JAVA17 and JAVA25"; exit 77; }
done
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
cd "$folder"
port=$((20000 + $$ % 20000))
cat > server.py <<'PYTHON'
import http.server
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def answer(self):
        body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
        number = self.path[1:]
        if number.isdigit():
            self.send_response(int(number))
            self.send_header('Location', '/target')
        else:
            with open('arrived', 'a') as arrived:
                print(self.command, repr(body.decode()), file=arrived)
            self.send_response(200)
        self.send_header('Content-Length', '0')
        self.end_headers()

    do_GET = do_HEAD = do_PUT = do_DELETE = answer

    def log_message(self, *arguments):
        pass


http.server.ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), Handler).serve_forever()
PYTHON
cat > ask.py <<'PYTHON'
import sys
method, url, library = sys.argv[1:]
if library == 'requests':
    import requests
    answer = requests.request(method, url, data='x' if method == 'PUT' else None, allow_redirects=True)
else:
    import httpx
    answer = httpx.request(method, url, content='x' if method == 'PUT' else None, follow_redirects=True)
assert answer.status_code == 200
PYTHON
cat > Ask.java <<'JAVA'
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

public class Ask {
    public static void main(String[] arguments) throws Exception {
        String method = arguments[0];
        URI uri = URI.create(arguments[1]);
        int status;
        if (arguments[2].equals("HttpURLConnection")) {
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
            connection.setRequestMethod(method);
            if (method.equals("PUT")) {
                connection.setDoOutput(true);
                connection.getOutputStream().write('x');
            }
            status = connection.getResponseCode();
        } else {
            HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
            var body = method.equals("PUT") ? HttpRequest.BodyPublishers.ofString("x") : HttpRequest.BodyPublishers.noBody();
            status = client.send(HttpRequest.newBuilder(uri).method(method, body).build(), BodyHandlers.discarding()).statusCode();
        }
        if (status != 200) {
            throw new IllegalStateException("status " + status);
        }
    }
}
JAVA
"$java17/bin/javac" -d . Ask.java
/usr/bin/python3 server.py "$port" &
server=$!
curl -s --retry 20 --retry-connrefused --retry-delay 1 -o /dev/null "http://127.0.0.1:$port/ready"
result=0
check() { # name, wanted for the seven requests, command
    local name=$1 wanted=$2 seen= request
    shift 2
    for request in 'PUT 301' 'PUT 302' 'PUT 303' 'DELETE 301' 'DELETE 302' 'DELETE 303' 'HEAD 303'; do
        rm -f arrived
        "$@" "${request% *}" "http://127.0.0.1:$port/${request#* }" "$name"
        seen="$seen, $(sed "s/ ''$//; s/ 'x'$/ x/" arrived)"
    done
    echo "$name:${seen#,}"
    [ "${seen#, }" = "$wanted" ] || result=1
}
check requests 'PUT, GET, GET, DELETE, GET, GET, HEAD' /usr/bin/python3 ask.py
check httpx 'PUT x, GET, GET, DELETE, GET, GET, HEAD' /usr/bin/python3 ask.py
for home in "$java17" "$java25"; do
    sed -n 's/^JAVA_VERSION=//p' "$home/release"
    check HttpURLConnection 'PUT x, PUT x, PUT x, DELETE, DELETE, DELETE, HEAD' "$home/bin/java" Ask
    check java.net.http 'PUT x, PUT x, GET, DELETE, DELETE, GET, GET' "$home/bin/java" Ask
done
exit "$result"
