#!/usr/bin/env bash
# podman 4.3.1 (Debian 12: 4.3.1+ds1-8+deb12u1), runc 1.1.5, conmon 2.1.6
#
# Expected: `podman exec CONTAINER sleep 60`, whose client gets SIGTERM, passes the signal on as `podman run` does, or at
#           least ends with 143, the exit code of a program that this signal has ended.
# Seen:     the client ends at once with exit code 0, as after a success, and the program in the container goes on.
#
# So the exit code of a client that was killed says nothing about the command in the container.
#
# Needs root, Debian 12 on amd64 and the rights to start containers; ends with 77 where these are missing.
set -euo pipefail

[ "$(id -u)" -eq 0 ] && [ "$(dpkg --print-architecture 2>/dev/null)" = amd64 ] || { echo "skipped: needs root on Debian amd64"; exit 77; }
folder=$(mktemp -d)
mkdir "$folder/root" "$folder/image" "$folder/image/bin" "$folder/image/tmp"
podman=(podman)
finish() {
  "${podman[@]}" rm -f -t 0 finding >/dev/null 2>&1 || true
  "${podman[@]}" rmi -f finding-image >/dev/null 2>&1 || true
  umount -R "$folder/store" 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT

cd "$folder"
apt-get download -q podman=4.3.1+ds1-8+deb12u1* conmon=2.1.6+ds1-1* runc=1.1.5+ds1-1+deb12u1* busybox-static=1:1.35.0* \
  libgpgme11 libassuan0 libsubid4 libdevmapper1.02.1 libseccomp2 libsemanage2 libsepol2 libglib2.0-0 >/dev/null ||
  { echo "skipped: these packages can't be had"; exit 77; }
for package in ./*.deb; do dpkg -x "$package" root; done
cp -L root/bin/busybox image/bin/busybox
ln -s busybox image/bin/sh
printf '{"default":[{"type":"insecureAcceptAnything"}]}\n' >policy.json

export LD_LIBRARY_PATH=$folder/root/usr/lib/x86_64-linux-gnu:$folder/root/lib/x86_64-linux-gnu
podman=("$folder/root/usr/bin/podman" --root "$folder/store" --runroot "$folder/run" --tmpdir "$folder/tmp"
  --storage-driver vfs --cgroup-manager cgroupfs --events-backend none
  --conmon "$folder/root/usr/bin/conmon" --runtime "$folder/root/usr/sbin/runc")
"${podman[@]}" --version
tar -C image -c . | "${podman[@]}" import -q --signature-policy policy.json - finding-image >/dev/null 2>&1 ||
  tar -C image -c . | "${podman[@]}" import -q - finding-image >/dev/null
"${podman[@]}" run -d --name finding --network=host --ulimit nofile=1000:1000 --ulimit nproc=1000:1000 finding-image \
  /bin/busybox sleep 600 >/dev/null || { echo "skipped: no container can be started here"; exit 77; }

"${podman[@]}" exec finding /bin/busybox sh -c 'echo begun; exec /bin/busybox sleep 60' >begun &
client=$!
until [ -s begun ]; do sleep 0.1; done
kill -TERM "$client"
code=0
wait "$client" || code=$?
echo "exit code of the client: $code"
running=$("${podman[@]}" exec finding /bin/busybox ps | grep "[s]leep 60$" || true)
echo "in the container afterwards: $running"

[ "$code" -eq 0 ] && [ -n "$running" ]
