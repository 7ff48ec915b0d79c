#!/usr/bin/env bash
# wget, wget2, aria2, aiohttp and httpx take the first member of a compressed answer for the whole, without an error.
#
# A gzip file may have several members (RFC 1952, 2.2): "cat a.gz b.gz", bgzip and rotated logs make such files, and gzip -d
# unpacks all of them. Here nginx sends one with gzip_static: Content-Encoding: gzip, and the right Content-Length. The content
# is 2,000 lines, 1,000 in each member. Lines that arrive, and the exit code, seen with Debian's packages:
#   1000, exit 0   wget 1.21.3 --compression=gzip, wget2 1.99.1, aria2 1.36.0 --http-accept-gzip, aiohttp 3.8.4, httpx 0.23.3
#   1000, exit 23  curl 7.88.1 --compressed: "Failed writing received data to disk/application", though the disk is fine
#   2000, exit 0   requests 2.28.1
#
# Good guesses miss it: "the content is complete if all bytes of Content-Length have come" and "zlib reads it" are both
# true here. zlib stops at the end of a member, and each program has to go on by itself.
#
# Needs Debian's nginx, wget, wget2, aria2, curl, python3-aiohttp, python3-httpx and python3-requests. Exits 0 while it is so.
set -eu

for package in nginx wget wget2 aria2 curl python3-aiohttp python3-httpx python3-requests; do
    dpkg-query -W -f '${Package} ${Version}\n' "$package" || { echo "apt-get install $package"; exit 77; }
done
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
chmod 755 "$folder" # nginx reads it as another user
cd "$folder"
port=$((20000 + $$ % 20000))
mkdir www
{ seq 1 1000 | gzip; seq 1001 2000 | gzip; } > www/page.txt.gz
[ "$(gzip -dc www/page.txt.gz | wc -l)" = 2000 ]
cat > nginx.conf <<NGINX
daemon off; pid $folder/nginx.pid; error_log stderr; events {}
http { access_log off; server { listen 127.0.0.1:$port; root $folder/www; gzip_static always; } }
NGINX
/usr/sbin/nginx -p "$folder" -c "$folder/nginx.conf" 2> log &
server=$!
url=http://127.0.0.1:$port/page.txt
curl -s --retry 20 --retry-connrefused --retry-delay 1 -o /dev/null "$url"

cat > get_aiohttp.py <<'PYTHON'
import asyncio
import sys
import aiohttp


async def main():
    async with aiohttp.ClientSession() as session, session.get(sys.argv[1]) as answer:
        print(await answer.text(), end='')

asyncio.run(main())
PYTHON
cat > get.py <<'PYTHON'
import importlib
import sys
print(importlib.import_module(sys.argv[2]).get(sys.argv[1]).text, end='')
PYTHON
result=0
check() { # name, wanted lines and exit code, command that writes to "out" or prints
    local name=$1 wanted=$2 status=0 seen
    shift 2
    rm -f out
    "$@" > printed 2> errors || status=$?
    [ -f out ] || mv printed out
    seen="$(wc -l < out) lines, exit $status"
    echo "$name: $seen"
    [ "$seen" = "$wanted" ] || result=1
}
check wget '1000 lines, exit 0' wget -q --compression=gzip -O out "$url"
check wget2 '1000 lines, exit 0' wget2 -q -O out "$url"
check aria2 '1000 lines, exit 0' aria2c -q --http-accept-gzip=true -o out "$url"
check aiohttp '1000 lines, exit 0' /usr/bin/python3 get_aiohttp.py "$url"
check httpx '1000 lines, exit 0' /usr/bin/python3 get.py "$url" httpx
check curl '1000 lines, exit 23' curl -sS --compressed -o out "$url"
check requests '2000 lines, exit 0' /usr/bin/python3 get.py "$url" requests
exit "$result"
