#!/usr/bin/env bash
# Caddy packs the slice of a file instead of slicing what it has packed, under one strong entity tag.
#
# Seen with Debian's caddy 2.6.2, "encode gzip" and "file_server": with Accept-Encoding: gzip a whole file comes with
# Content-Encoding: gzip and a strong ETag. The rest of it, asked for with Range and If-Range and that very tag, is a 206
# with Content-Encoding: gzip whose Content-Range counts bytes of the file that is not packed, and whose body is a gzip
# stream of its own. Put together as the strong tag and RFC 9110 (8.8.1, 14) promise, the two are rubbish.
#
# Good guesses miss it: "a strong tag and a matching If-Range are enough to go on" breaks downloads without an error.
#
# Needs caddy, curl and gzip (Debian). Exits 0 while it is so.
set -eu

for program in caddy curl gzip; do
    command -v "$program" >/dev/null || { echo "$program is not installed: apt-get install caddy curl"; exit 77; }
done
folder=$(mktemp -d)
caddy=
trap 'test -z "$caddy" || { kill "$caddy" && wait "$caddy" || true; }; rm -rf "$folder"' EXIT
mkdir "$folder/www"
seq 1 50000 > "$folder/www/page.txt"
port=$((20000 + $$ % 20000))
cat > "$folder/Caddyfile" <<CADDY
{
    admin off
    auto_https off
    storage file_system $folder/storage
}
http://127.0.0.1:$port {
    root * $folder/www
    encode gzip
    file_server
}
CADDY
caddy version
caddy run --config "$folder/Caddyfile" --adapter caddyfile > "$folder/caddy.log" 2>&1 &
caddy=$!
url="http://127.0.0.1:$port/page.txt"
curl -s --retry 20 --retry-connrefused --retry-delay 1 -o /dev/null "$url"

field() { tr -d '\r' < "$1" | sed -n "s/^$2: //Ip"; }
curl -s -o "$folder/whole.gz" -D "$folder/whole" -H 'Accept-Encoding: gzip' "$url"
tag=$(field "$folder/whole" etag)
curl -s -o "$folder/rest" -D "$folder/part" -H 'Accept-Encoding: gzip' \
    -H 'Range: bytes=40000-' -H "If-Range: $tag" "$url"
echo "whole: ETag $tag, Content-Encoding $(field "$folder/whole" content-encoding), $(wc -c < "$folder/whole.gz") bytes"
echo "rest: $(head -1 "$folder/part" | tr -d '\r'), ETag $(field "$folder/part" etag)," \
    "Content-Encoding $(field "$folder/part" content-encoding), Content-Range $(field "$folder/part" content-range)"
{ head -c 40000 "$folder/whole.gz"; cat "$folder/rest"; } > "$folder/joined.gz"
joined=whole
gzip -t "$folder/joined.gz" 2>/dev/null || joined=rubbish
slice=other
gzip -dc "$folder/rest" | cmp -s - <(tail -c +40001 "$folder/www/page.txt") && slice="the plain file's"
echo "joined: $joined; unpacked alone the rest is $slice"
case $tag in W/*) exit 1 ;; esac
test "$joined" = rubbish && test "$slice" = "the plain file's" && test "$(field "$folder/part" etag)" = "$tag"
