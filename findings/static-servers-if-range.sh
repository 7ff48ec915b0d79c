#!/usr/bin/env bash
# Every second static file server sends a part of what has changed, although the client said If-Range.
#
# RFC 9110 (13.1.5, 14.2): a server that knows Range must ignore it where If-Range does not match, and send the whole. Seen
# with If-Range and a tag, and with a date, which the file never had:
#   answer 206, a part of the new file: npm's sirv 3.0.2, http-server 14.1.1, serve-handler 6.1.7 (with etag: true),
#   @hono/node-server 2.1.9, Debian's python3-tornado 6.2.0, busybox 1.35.0 (httpd), h2o 2.2.5
#   206 for a tag, 200 for a date: Debian's python3-aiohttp 3.8.4, though it sends entity tags itself
#   200, as the RFC says: Debian's nginx 1.22.1, lighttpd 1.4.69, caddy 2.6.2, npm's express 5
# All of them announce or answer parts, and all but @hono/node-server, lighttpd (without mime types) send an entity tag.
#
# Good guesses miss it: "a strong tag in If-Range makes it safe to go on with a download" holds for the large servers
# only. A client has to compare the 206's own ETag or Last-Modified with what the beginning had.
#
# Needs Debian's python3-aiohttp, python3-tornado, busybox, h2o, nginx, curl, and nodejs with npm. Exits 0 while it is so.
set -eu

for package in python3-aiohttp python3-tornado busybox h2o nginx curl; do
    dpkg-query -W -f '${Package} ${Version}\n' "$package" || { echo "apt-get install $package"; exit 77; }
done
command -v npm >/dev/null || { echo "npm is not installed"; exit 77; }
folder=$(mktemp -d)
servers=()
trap 'for server in "${servers[@]}"; do kill "$server" 2>/dev/null || true; done; wait; rm -rf "$folder"' EXIT
chmod 755 "$folder" # nginx and h2o read it as another user
cd "$folder"
mkdir www
seq 1 2000 > www/f.txt
touch -d 2020-01-02T03:04:05Z www/f.txt
npm install --silent --no-audit --no-fund sirv@3.0.2 http-server@14.1.1 serve-handler@6.1.7 hono@4.13.19 @hono/node-server@2.1.9

port=$((20000 + $$ % 20000))
cat > servers.mjs <<'NODE'
import http from 'node:http';
import sirv from 'sirv';
import handler from 'serve-handler';
import { Hono } from 'hono';
import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
const port = Number(process.argv[2]);
http.createServer(sirv('www', { etag: true })).listen(port, '127.0.0.1');
http.createServer((q, s) => handler(q, s, { public: 'www', etag: true })).listen(port + 1, '127.0.0.1');
const app = new Hono();
app.use('/*', serveStatic({ root: './www' }));
serve({ fetch: app.fetch, port: port + 2, hostname: '127.0.0.1' });
NODE
cat > aio.py <<'PYTHON'
import sys
from aiohttp import web
app = web.Application()
app.router.add_static('/', 'www')
web.run_app(app, host='127.0.0.1', port=int(sys.argv[1]), print=None)
PYTHON
cat > tornado_server.py <<'PYTHON'
import sys
import tornado.ioloop
import tornado.web
app = tornado.web.Application([('/(.*)', tornado.web.StaticFileHandler, {'path': 'www'})])
app.listen(int(sys.argv[1]), '127.0.0.1')
tornado.ioloop.IOLoop.current().start()
PYTHON
cat > h2o.conf <<H2O
listen: {host: 127.0.0.1, port: $((port + 7))}
hosts: {default: {paths: {/: {file.dir: $folder/www}}}}
H2O
cat > nginx.conf <<NGINX
daemon off; pid $folder/nginx.pid; error_log stderr; events {}
http { access_log off; server { listen 127.0.0.1:$((port + 8)); root $folder/www; } }
NGINX
start() { "$@" > "$folder/log.${#servers[@]}" 2>&1 & servers+=($!); }
start node servers.mjs "$port"
start node_modules/.bin/http-server www -s -a 127.0.0.1 -p $((port + 3))
start /usr/bin/python3 aio.py $((port + 4))
start /usr/bin/python3 tornado_server.py $((port + 5))
start busybox httpd -f -p 127.0.0.1:$((port + 6)) -h www
start h2o -c h2o.conf
start /usr/sbin/nginx -p "$folder" -c "$folder/nginx.conf"

result=0
check() { # name, port, wanted statuses for another tag and for another date
    local url=http://127.0.0.1:$2/f.txt seen
    curl -s --retry 60 --retry-connrefused --retry-delay 1 -o /dev/null "$url"
    ask() { curl -s -o /dev/null -w '%{http_code}' -H 'Range: bytes=100-' -H "If-Range: $1" "$url"; }
    seen="$(ask '"a tag that it never had"') $(ask 'Mon, 01 Jan 2018 00:00:00 GMT')"
    echo "$1: another tag, another date: $seen"
    [ "$seen" = "$3" ] || result=1
}
check sirv "$port" '206 206'
check serve-handler $((port + 1)) '206 206'
check @hono/node-server $((port + 2)) '206 206'
check http-server $((port + 3)) '206 206'
check aiohttp $((port + 4)) '206 200'
check tornado $((port + 5)) '206 206'
check 'busybox httpd' $((port + 6)) '206 206'
check h2o $((port + 7)) '206 206'
check nginx $((port + 8)) '200 200'
exit "$result"
