#!/usr/bin/env bash
# A connection breaks in the middle of a file. wget and aria2 may join two versions of it, wget2 leaves half: all exit with 0.
#
# Seen with Debian's wget 1.21.3, aria2 1.36.0, wget2 1.99.1, curl 7.88.1, each with a URL and no option of resuming. The
# server announces 200,001 bytes, sends half and closes; then the file is replaced by another one of the same size.
#   wget, aria2: go on by themselves with Range and without If-Range, and join old and new. Tag, date: not compared
#   wget2: does not go on; "Just got 100000 of 200001 bytes" is a line of its log, the half file keeps its name
#   curl --retry 2: makes no second attempt, since 18 is no transient error for it; it is the only one that fails
# The server answers If-Range as RFC 9110 says: with it, all would have got the whole new file.
#
# Good guesses miss it: "joins two versions" is known of -c and -C -, not of a plain call; "exit 0 means whole" is false.
#
# Needs Debian's wget, wget2, aria2, curl, python3. Exits 0 while it is so.
set -eu

for package in wget wget2 aria2 curl python3; do
    dpkg-query -W -f '${Package} ${Version}\n' "$package" || { echo "apt-get install $package"; exit 77; }
done
folder=$(mktemp -d)
server=
trap 'test -z "$server" || { kill "$server" && wait "$server" || true; }; rm -rf "$folder"' EXIT
cd "$folder"
cat > server.py <<'PYTHON'
import http.server
import sys

OLD = (b'1' * 200000 + b'\n', '"old"')
NEW = (b'2' * 200000 + b'\n', '"new"')
seen = set()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def do_GET(self):
        cut = self.path.startswith('/f') and self.path not in seen
        seen.add(self.path)
        body, tag = OLD if cut else NEW
        asked, condition, start = self.headers.get('Range'), self.headers.get('If-Range'), 0
        print(self.path, 'Range:', asked, 'If-Range:', condition, flush=True)
        if asked and condition in (None, tag):
            start = int(asked.split('=')[1].split('-')[0])
            self.send_response(206)
            self.send_header('Content-Range', 'bytes %d-%d/%d' % (start, len(body) - 1, len(body)))
        else:
            self.send_response(200)
        self.send_header('Accept-Ranges', 'bytes')
        self.send_header('ETag', tag)
        self.send_header('Content-Length', str(len(body) - start))
        self.end_headers()
        self.wfile.write(body[:len(body) // 2] if cut else body[start:])
        self.close_connection = cut

    def log_message(self, *arguments):
        pass


http.server.ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), Handler).serve_forever()
PYTHON
port=$((20000 + $$ % 20000))
/usr/bin/python3 server.py "$port" > requests &
server=$!
url=http://127.0.0.1:$port
curl -s --retry 60 --retry-connrefused --retry-delay 1 -o /dev/null "$url/ready"

result=0
check() { # name of the file, wanted, command
    local file=$1 wanted=$2 status=0 seen
    shift 2
    mkdir "$file"
    (cd "$file" && "$@" "$url/$file") > log 2>&1 || status=$?
    seen="exit $status, $(tr -cd 1 < "$file/$file" | wc -c) bytes of the old file, $(tr -cd 2 < "$file/$file" | wc -c) of the new"
    echo "$*: $seen"
    grep "^/$file " requests
    [ "$seen" = "$wanted" ] || result=1
}
check f1 'exit 0, 100000 bytes of the old file, 100000 of the new' wget -nv
check f2 'exit 0, 100000 bytes of the old file, 100000 of the new' aria2c -q --retry-wait=1
check f3 'exit 0, 100000 bytes of the old file, 0 of the new' wget2
check f4 'exit 18, 100000 bytes of the old file, 0 of the new' curl -s --retry 2 --retry-delay 1 -O
exit "$result"
