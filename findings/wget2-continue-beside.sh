#!/usr/bin/env bash
# wget2 -c leaves half a file under its name, puts the whole beside it, and exits with 0.
#
# Seen with Debian's wget2 1.99.1: it asks for the rest (Range). Where the answer is the whole (200, as every server may
# send), it goes to f.txt.1, and f.txt stays half. wget 1.21.3 writes the whole over f.txt in the same case; curl 7.88.1
# (-C -) ends with 33. The server need not be without Range: Apache 2.4.71 with mod_deflate answers parts only to those who
# do not accept gzip, and wget2 says that it does, also with -c. With --no-compression the rest comes and f.txt is right.
#
# Good guesses miss it: "exit 0 of wget -c means that the file is whole" holds for wget, not for its successor.
#
# Needs Debian's wget2, wget, curl, apache2. Exits 0 while it is so.
set -eu

for package in wget2 wget curl apache2; do
    dpkg-query -W -f '${Package} ${Version}\n' "$package" || { echo "apt-get install $package"; exit 77; }
done
folder=$(mktemp -d)
server=
trap 'test -z "$server" || { kill "$server" && wait "$server" || true; }; rm -rf "$folder"' EXIT
chmod 755 "$folder"
cd "$folder"
mkdir www work
seq 1 50000 > www/f.txt
port=$((20000 + $$ % 20000))
cat > apache.conf <<APACHE
ServerRoot $folder
ServerName localhost
PidFile $folder/apache.pid
Listen 127.0.0.1:$port
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule mime_module /usr/lib/apache2/modules/mod_mime.so
LoadModule filter_module /usr/lib/apache2/modules/mod_filter.so
LoadModule deflate_module /usr/lib/apache2/modules/mod_deflate.so
TypesConfig /etc/mime.types
AddOutputFilterByType DEFLATE text/plain
DocumentRoot $folder/www
ErrorLog /dev/null
APACHE
apache2 -X -f "$folder/apache.conf" &
server=$!
url=http://127.0.0.1:$port/f.txt
curl -s --retry 60 --retry-connrefused --retry-delay 1 -o /dev/null "$url"

result=0
check() { # wanted, command
    local wanted=$1 status=0 state=half seen
    shift
    rm -f work/*
    head -c 20000 www/f.txt > work/f.txt
    (cd work && "$@" "$url") || status=$?
    cmp -s work/f.txt www/f.txt && state=whole
    seen="exit $status, f.txt is $state, files: $(ls work | tr '\n' ' ')"
    echo "$*: $seen"
    [ "$seen" = "$wanted" ] || result=1
}
check 'exit 0, f.txt is half, files: f.txt f.txt.1 ' wget2 -q -c
check 'exit 0, f.txt is whole, files: f.txt ' wget2 -q -c --no-compression
check 'exit 0, f.txt is whole, files: f.txt ' wget -q -c
check 'exit 33, f.txt is half, files: f.txt ' curl -s --compressed -C - -O
exit "$result"
