#!/bin/sh
# server.sh start: starts the examples' web server (ExampleServer.java) in the background and prints its address.
# server.sh stop:  stops it. Both belong into the same directory; to stop what has not been started does no harm.
set -eu

stop() {
  [ -s server.port ] || return 0
  pid=$(cut -d ' ' -f 2 server.port)
  # The server ends when its file is gone.
  rm -f server.port
  tries=50
  while [ $tries -gt 0 ] && kill -0 "$pid" 2>/dev/null; do
    tries=$((tries - 1))
    sleep 0.1
  done
}

start() {
  "${JAVA_HOME:+$JAVA_HOME/bin/}java" "$(dirname "$0")/ExampleServer.java" server.port >server.log 2>&1 </dev/null &
  until [ -s server.port ]; do
    kill -0 $! 2>/dev/null || { cat server.log >&2; exit 1; }
    sleep 0.1
  done
  echo "http://127.0.0.1:$(cut -d ' ' -f 1 server.port)"
}

case ${1:-} in
  start) stop; start ;;
  stop) stop ;;
  *) echo "usage: server.sh start|stop" >&2; exit 64 ;;
esac
