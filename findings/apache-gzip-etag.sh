#!/usr/bin/env bash
# Apache httpd with mod_deflate never answers 304 to the entity tag that it has just sent.
#
# Seen with Debian's apache2-bin 2.4: a text file that is packed on its way gets the tag "…-gzip". A client that asks with
# If-None-Match: "…-gzip" gets 200 and the whole file, although nothing has changed; If-Modified-Since beside it does not
# count then. The tag without its end, which the client has never seen from this server, gets the 304, and so does a list
# of both.
#
# Good guesses miss it: curl --etag-save and --etag-compare, caches and mirrors by ETag download everything each time.
#
# Needs apache2-bin, media-types and curl (Debian). Exits 0 while it is so.
set -eu

for program in /usr/sbin/apache2 curl; do
    command -v "$program" >/dev/null || { echo "$program is not installed: apt-get install apache2-bin media-types curl"; exit 77; }
done
folder=$(mktemp -d)
trap 'test ! -f "$folder/pid" || kill "$(cat "$folder/pid")" 2>/dev/null; sleep 1; rm -rf "$folder"' EXIT
mkdir "$folder/www"
chmod 755 "$folder" "$folder/www"
seq 1 5000 > "$folder/www/page.txt"
touch -d 2020-01-01 "$folder/www/page.txt"
port=$((20000 + $$ % 20000))
{
    echo "ServerRoot /usr/lib/apache2"
    echo "ServerName localhost"
    echo "Listen 127.0.0.1:$port"
    echo "PidFile $folder/pid"
    echo "DefaultRuntimeDir $folder"
    echo "ErrorLog $folder/error.log"
    for module in mpm_event authz_core mime filter deflate; do
        echo "LoadModule ${module}_module modules/mod_$module.so"
    done
    echo "User www-data"
    echo "Group www-data"
    echo "TypesConfig /etc/mime.types"
    echo "DocumentRoot $folder/www"
    echo "AddOutputFilterByType DEFLATE text/plain"
} > "$folder/apache.conf"
/usr/sbin/apache2 -v | head -1
/usr/sbin/apache2 -f "$folder/apache.conf"
url="http://127.0.0.1:$port/page.txt"
curl -s --retry 20 --retry-connrefused --retry-delay 1 -o /dev/null "$url"

tag=$(curl -s -o /dev/null -D - -H 'Accept-Encoding: gzip' "$url" | tr -d '\r' | sed -n 's/^ETag: //p')
plain=$(printf %s "$tag" | sed 's/-gzip"$/"/')
ask() { curl -s -o /dev/null -w '%{http_code}' -H 'Accept-Encoding: gzip' -H "If-None-Match: $1" "$url"; }
seen="$(ask "$tag") $(ask "$plain") $(ask "$tag, $plain")"
echo "the tag is $tag; asked with it, without -gzip, with both: $seen"
test "$tag" != "$plain" && test "$seen" = "200 304 304"
