#!/usr/bin/env bash
# A sparse file in a tar archive of GNU tar: other programs write another file, under another name, or none, and report success.
#
# "tar -S --hole-detection=raw" stores a file of 1 MiB that has 5 bytes in its middle. Seen with GNU tar 1.34, Debian's
# busybox 1.35.0, bsdtar 3.6.2, Python 3.11.2 and npm's tar 7.5.23, tar-fs 3.1.3:
#                    --format=posix                                  --format=gnu (the default)
#   busybox tar      exit 0, GNUSparseFile.1234/sparse, 1024 bytes   exit 1, unknown typeflag
#   tar (npm)        the same, no warning, no error                  no file, no warning, no error
#   tar-fs (npm)     the same, no error                              error: unsupported type
#   bsdtar, tarfile  the file                                        the file
# 1024 bytes: a list of the pieces in decimal digits, and the pieces, without what is between them. 1234 is GNU tar's process
# id, so the name changes each time. GNU tar's own list (tar -t) has the right name.
#
# Good guesses miss it: an entry of an unknown type should be an error, and for one format and two of three programs it is. posix
# calls the entry a regular file and says the rest in extended headers, which readers may ignore if they do not know them.
#
# Needs Debian's tar, busybox, libarchive-tools and python3, and nodejs with npm. Exits 0 while it is so.
set -eu

for package in tar busybox libarchive-tools python3; do
    dpkg-query -W -f '${Package} ${Version}\n' "$package" || { echo "apt-get install $package"; exit 77; }
done
command -v npm >/dev/null || { echo "npm is not installed"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund tar@7.5.23 tar-fs@3.1.3
truncate -s 1M sparse
printf hello | dd of=sparse bs=1 seek=500000 conv=notrunc status=none
for format in posix gnu; do tar -S --hole-detection=raw --format=$format -cf $format.tar sparse; done
cat > unpack.mjs <<'NODE'
import fs from 'node:fs';
import { pipeline } from 'node:stream/promises';
import * as tar from 'tar';
import tarFs from 'tar-fs';
const [library, file] = process.argv.slice(2);
if (library === 'tar') {
    await tar.x({ file, onwarn: (code, message) => console.log('warning', code, message) });
} else {
    await pipeline(fs.createReadStream(file), tarFs.extract('.'));
}
NODE
result=0
check() { # name, format, wanted, command
    local name=$1 format=$2 wanted=$3 status=0 seen
    shift 3
    rm -rf out
    mkdir out
    (cd out && "$@" ../$format.tar > ../printed 2>&1) || status=1
    seen="exit $status"
    ! grep -q warning printed || seen="$seen, warning"
    for file in $(cd out && find . -type f -size +0); do
        if cmp -s sparse "out/$file"; then seen="$seen, the file"; else seen="$seen, $file $(wc -c < "out/$file") bytes"; fi
    done
    seen=$(echo "$seen" | sed -E 's/File\.[0-9]+/File.1234/')
    echo "$name, $format: $seen"
    [ "$seen" = "$wanted" ] || result=1
}
other='exit 0, ./GNUSparseFile.1234/sparse 1024 bytes'
check 'busybox tar' posix "$other" busybox tar -xf
check 'tar (npm)' posix "$other" node ../unpack.mjs tar
check 'tar-fs (npm)' posix "$other" node ../unpack.mjs tar-fs
check bsdtar posix 'exit 0, the file' bsdtar -xf
check tarfile posix 'exit 0, the file' /usr/bin/python3 -m tarfile -e
check 'busybox tar' gnu 'exit 1' busybox tar -xf
check 'tar (npm)' gnu 'exit 0' node ../unpack.mjs tar
check 'tar-fs (npm)' gnu 'exit 1' node ../unpack.mjs tar-fs
check bsdtar gnu 'exit 0, the file' bsdtar -xf
check tarfile gnu 'exit 0, the file' /usr/bin/python3 -m tarfile -e
exit "$result"
