#!/usr/bin/env bash
# Tornado goes on to send a file's first hash as its strong entity tag when the file has long been another.
#
# Seen with Debian's python3-tornado 6.2.0, StaticFileHandler as its documentation shows it, without debug: the tag is the
# SHA-512 of the content, remembered by path for the life of the process. A file that is replaced (other size, other
# date) is sent with its new content under the old tag, and If-None-Match with that tag gets 304.
#
# Good guesses miss it: "a tag that is a hash of the content can't be stale" holds for what was hashed once. A client that
# revalidates never sees another version until the server starts again; Last-Modified changes, but If-None-Match wins.
#
# Needs Debian's python3-tornado and curl. Exits 0 while it is so.
set -eu

for package in python3-tornado curl; do
    dpkg-query -W -f '${Package} ${Version}\n' "$package" || { echo "apt-get install $package"; exit 77; }
done
folder=$(mktemp -d)
server=
trap 'test -z "$server" || { kill "$server" && wait "$server" || true; }; rm -rf "$folder"' EXIT
cd "$folder"
mkdir www
echo 'version one' > www/f.txt
touch -d 2020-01-02T03:04:05Z www/f.txt
port=$((20000 + $$ % 20000))
cat > server.py <<'PYTHON'
import sys
import tornado.ioloop
import tornado.web
app = tornado.web.Application([('/(.*)', tornado.web.StaticFileHandler, {'path': 'www'})])
app.listen(int(sys.argv[1]), '127.0.0.1')
tornado.ioloop.IOLoop.current().start()
PYTHON
/usr/bin/python3 server.py "$port" > log 2>&1 &
server=$!
url=http://127.0.0.1:$port/f.txt
get() { curl -s --retry 60 --retry-connrefused --retry-delay 1 -D head -o body -w '%{http_code}' "$@" "$url"; }
field() { tr -d '\r' < head | sed -n "s/^$1: //Ip"; }
get > status
first=$(field etag)
echo 'version two, which is longer' > www/f.txt
touch -d 2021-01-02T03:04:05Z www/f.txt
status=$(get)
second=$(field etag)
echo "after the change: $status, $(cat body), Last-Modified $(field last-modified)"
echo "tags: ${first:0:20}… then ${second:0:20}…"
conditional=$(get -H "If-None-Match: $first" -H 'If-Modified-Since: Thu, 02 Jan 2020 03:04:05 GMT')
echo "If-None-Match with the first tag: $conditional"
test "$status" = 200 && test "$first" = "$second" && test "$conditional" = 304
