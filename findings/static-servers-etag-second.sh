#!/usr/bin/env bash
# nginx, Caddy, h2o and busybox give two versions of a file one strong entity tag if both are of one second and one size.
#
# RFC 9110 (8.8.1): a strong tag changes whenever the bytes change. Seen with Debian's nginx 1.22.1, caddy 2.6.2,
# h2o 2.2.5 and busybox 1.35.0: their tags are made of size and whole seconds, and have no W/. So a condition with such a
# tag holds for other content as well. Apache 2.4.71, lighttpd 1.4.69 and aiohttp 3.8.4 use parts of seconds.
#
# Good guesses miss it: "strong means byte for byte" is false for a file that was written while it was fetched. A client
# can see that: Date and Last-Modified of the answer are of the same second.
#
# Needs Debian's nginx, caddy, h2o, busybox, apache2, lighttpd, python3-aiohttp, curl. Exits 0 while it is so.
set -eu

for package in nginx caddy h2o busybox apache2 lighttpd python3-aiohttp curl; do
    dpkg-query -W -f '${Package} ${Version}\n' "$package" || { echo "apt-get install $package"; exit 77; }
done
folder=$(mktemp -d)
servers=()
trap 'for server in "${servers[@]}"; do kill "$server" 2>/dev/null || true; done; wait; rm -rf "$folder"' EXIT
chmod 755 "$folder" # nginx and h2o read it as another user
cd "$folder"
mkdir www
port=$((20000 + $$ % 20000))
cat > nginx.conf <<NGINX
daemon off; pid $folder/nginx.pid; error_log stderr; events {}
http { access_log off; server { listen 127.0.0.1:$port; root $folder/www; } }
NGINX
cat > h2o.conf <<H2O
listen: {host: 127.0.0.1, port: $((port + 2))}
hosts: {default: {paths: {/: {file.dir: $folder/www}}}}
H2O
cat > apache.conf <<APACHE
ServerRoot $folder
ServerName localhost
PidFile $folder/apache.pid
Listen 127.0.0.1:$((port + 4))
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
DocumentRoot $folder/www
ErrorLog /dev/null
APACHE
cat > lighttpd.conf <<LIGHTTPD
server.document-root = "$folder/www"
server.port = $((port + 5))
server.bind = "127.0.0.1"
mimetype.assign = (".txt" => "text/plain")
LIGHTTPD
cat > aio.py <<'PYTHON'
import sys
from aiohttp import web
app = web.Application()
app.router.add_static('/', 'www')
web.run_app(app, host='127.0.0.1', port=int(sys.argv[1]), print=None)
PYTHON
start() { "$@" > "$folder/log.${#servers[@]}" 2>&1 & servers+=($!); }
start /usr/sbin/nginx -p "$folder" -c "$folder/nginx.conf"
start caddy file-server --root www --listen 127.0.0.1:$((port + 1))
start h2o -c h2o.conf
start busybox httpd -f -p 127.0.0.1:$((port + 3)) -h www
start apache2 -X -f "$folder/apache.conf"
start lighttpd -D -f lighttpd.conf
start /usr/bin/python3 aio.py $((port + 6))

result=0
check() { # name, port, wanted
    local url=http://127.0.0.1:$2/f.txt first second seen=differ
    tag() { curl -s --retry 60 --retry-connrefused --retry-delay 1 -o /dev/null -D - "$url" | tr -d '\r' | sed -n 's/^etag: //Ip'; }
    seq 1001 2000 > www/f.txt
    touch -d 2020-01-02T03:04:05.200Z www/f.txt
    first=$(tag)
    seq 2001 3000 > www/f.txt
    touch -d 2020-01-02T03:04:05.700Z www/f.txt
    second=$(tag)
    [ "$first" != "$second" ] || seen=same
    echo "$1: $first, then $second: $seen"
    case $first in '"'*) ;; *) result=1 ;; esac
    [ "$seen" = "$3" ] || result=1
}
check nginx "$port" same
check caddy $((port + 1)) same
check h2o $((port + 2)) same
check 'busybox httpd' $((port + 3)) same
check apache $((port + 4)) differ
check lighttpd $((port + 5)) differ
check aiohttp $((port + 6)) differ
exit "$result"
