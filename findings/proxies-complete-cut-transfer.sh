#!/usr/bin/env bash
# Reverse proxies that turn half an answer into a whole one: the server behind them breaks off, the client sees success.
#
# The server sends half of 96,000 bytes and closes the connection: "between" two chunks, in the "middle" of a chunk, or with
# a Content-Length of 96,000. In each case HTTP says that the answer is incomplete. Exit codes of curl behind the proxy, seen
# with Debian's packages (0: complete, 18 and 56: cut):
#   caddy 2.6.2       0  0 18    with "encode gzip"     0  0  0
#   lighttpd 1.4.69   0  0 18    with mod_deflate       0  0  0
#   h2o 2.2.5         0 56 18
#   nginx 1.22.1     18 18 18    with "gzip on"        18 18 18
# Where curl says 0 it has 48,000 bytes, or a gzip stream of them that ends as it should. caddy and h2o send the last chunk that
# the server has not sent. lighttpd counts what it has and sends that as Content-Length. What is compressed on its way has a
# new length, so the server's own Content-Length does not help then. squid 5.7, haproxy 2.6.12 and varnish 7.1 hand on the cut.
#
# Good guesses miss it: "chunked coding and Content-Length show a broken transfer" holds from hop to hop only. Behind these
# proxies no client can see it; a checksum or the end of the content itself shows it.
#
# Needs Debian's caddy, lighttpd, lighttpd-mod-deflate, h2o, nginx, python3 and curl. Exits 0 while it is so.
set -eu

for package in caddy lighttpd lighttpd-mod-deflate h2o nginx python3 curl; do
    dpkg-query -W -f '${Package} ${Version}\n' "$package" || { echo "apt-get install $package"; exit 77; }
done
folder=$(mktemp -d)
started=()
trap 'for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; done; wait; rm -rf "$folder"' EXIT
cd "$folder"
port=$((20000 + $$ % 20000))
cat > server.py <<'PYTHON'
import socket
import sys
import threading

HALF = b''.join(b'line %06d of the file\n' % number for number in range(2000))
HEAD = b'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n'


def answer(connection):
    with connection, connection.makefile('rb') as request:
        path = request.readline().split()[1]
        while request.readline().strip():
            pass
        if path == b'/between':
            connection.sendall(HEAD + b'Transfer-Encoding: chunked\r\n\r\n%x\r\n' % len(HALF) + HALF + b'\r\n')
        elif path == b'/middle':
            connection.sendall(HEAD + b'Transfer-Encoding: chunked\r\n\r\n%x\r\n' % (2 * len(HALF)) + HALF)
        else:
            connection.sendall(HEAD + b'Content-Length: %d\r\n\r\n' % (2 * len(HALF)) + HALF)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1)


listener = socket.create_server(('127.0.0.1', int(sys.argv[1])))
while True:
    threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()
PYTHON
cat > Caddyfile <<CADDY
{
    admin off
    auto_https off
}
http://127.0.0.1:$((port + 1)) {
    reverse_proxy 127.0.0.1:$port
}
http://127.0.0.1:$((port + 2)) {
    encode gzip
    reverse_proxy 127.0.0.1:$port
}
CADDY
cat > plain.conf <<LIGHTTPD
server.modules = ("mod_proxy")
server.document-root = "$folder"
server.bind = "127.0.0.1"
server.port = $((port + 3))
proxy.server = ("" => (("host" => "127.0.0.1", "port" => $port)))
LIGHTTPD
sed "s/(\"mod_proxy\")/(\"mod_proxy\", \"mod_deflate\")/; s/= $((port + 3))/= $((port + 4))/" plain.conf > deflate.conf
echo 'deflate.mimetypes = ("text/plain")
deflate.allowed-encodings = ("gzip")' >> deflate.conf
cat > h2o.conf <<H2O
listen: {host: 127.0.0.1, port: $((port + 5))}
hosts: {default: {paths: {/: {proxy.reverse.url: "http://127.0.0.1:$port/"}}}}
H2O
cat > nginx.conf <<NGINX
daemon off; pid $folder/nginx.pid; error_log stderr; events {}
http {
    access_log off; proxy_http_version 1.1; gzip_types text/plain; proxy_temp_path $folder/temporary;
    server { listen 127.0.0.1:$((port + 6)); location / { proxy_pass http://127.0.0.1:$port; } }
    server { listen 127.0.0.1:$((port + 7)); gzip on; location / { proxy_pass http://127.0.0.1:$port; } }
}
NGINX
start() { "$@" > "log.${#started[@]}" 2>&1 & started+=($!); }
start /usr/bin/python3 server.py "$port"
XDG_CONFIG_HOME=$folder XDG_DATA_HOME=$folder start caddy run --config Caddyfile
start /usr/sbin/lighttpd -D -f plain.conf
start /usr/sbin/lighttpd -D -f deflate.conf
start h2o -c h2o.conf
start /usr/sbin/nginx -p "$folder" -c "$folder/nginx.conf"

result=0
check() { # name, port, wanted exit codes, options of curl
    local url=http://127.0.0.1:$2 name=$1 wanted=$3 path status seen=
    shift 3
    curl -s --retry 20 --retry-connrefused --retry-delay 1 -o /dev/null "$url/between" || true
    for path in between middle length; do
        status=0
        curl -s --max-time 60 -o out "$@" "$url/$path" || status=$?
        # what is said to be complete is half, and a whole gzip stream where it is compressed
        if [ "$status" = 0 ]; then
            if [ $# -gt 0 ]; then gzip -t < out && gzip -d < out > half; else mv out half; fi
            [ "$(wc -c < half)" = 48000 ] || status="0 with $(wc -c < half) bytes"
        fi
        seen="$seen $status"
    done
    echo "$name: between, middle, length:$seen"
    [ "$seen" = " $wanted" ] || result=1
}
packed=(-H 'Accept-Encoding: gzip')
check caddy $((port + 1)) '0 0 18'
check 'caddy, encode gzip' $((port + 2)) '0 0 0' "${packed[@]}"
check lighttpd $((port + 3)) '0 0 18'
check 'lighttpd, mod_deflate' $((port + 4)) '0 0 0' "${packed[@]}"
check h2o $((port + 5)) '0 56 18'
check nginx $((port + 6)) '18 18 18'
check 'nginx, gzip on' $((port + 7)) '18 18 18' "${packed[@]}"
exit "$result"
