#!/usr/bin/env bash
# A function that calls sys.exit(0) in a worker of Python's pools ends the program that uses the pool, with exit code 0.
#
# Seen with Debian's python3 3.11.2: the worker process survives sys.exit, because ProcessPoolExecutor catches SystemExit there and
# raises it again in result(), in another process. So list(executor.map(f, inputs)) ends the caller: no traceback, no
# message, exit code 0, the results of the other inputs are gone. ThreadPoolExecutor does the same. "except Exception" around
# it does not help, since SystemExit is no Exception. os._exit in the function is reported: BrokenProcessPool.
#
# Good guesses miss it: "a worker that exits breaks the pool" (BrokenProcessPool) holds for os._exit and signals only. Functions
# that parse arguments call sys.exit(0), for --help and --version.
#
# Needs Debian's python3. Exits 0 while it is so.
set -eu

dpkg-query -W -f '${Package} ${Version}\n' python3 || { echo "apt-get install python3"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/pool.py" <<'PYTHON'
import concurrent.futures
import os
import sys


def exits(number):
    if number == 2:
        sys.exit(0)
    return number


def ends(number):
    if number == 2:
        os._exit(0)
    return number


if __name__ == '__main__':
    with getattr(concurrent.futures, sys.argv[1])(2) as executor:
        try:
            print('results', list(executor.map(globals()[sys.argv[2]], range(6))))
        except Exception as e:
            print('caught', type(e).__name__)
    print('the program goes on')
PYTHON
result=0
check() { # wanted, pool, function
    local status=0 seen
    seen=$(/usr/bin/python3 "$folder/pool.py" "$2" "$3" 2>&1) || status=$?
    echo "$2, $3: exit $status, output: '${seen//$'\n'/, }'"
    [ "exit $status $seen" = "$1" ] || result=1
}
check 'exit 0 ' ProcessPoolExecutor exits
check 'exit 0 ' ThreadPoolExecutor exits
check $'exit 0 caught BrokenProcessPool\nthe program goes on' ProcessPoolExecutor ends
exit "$result"
