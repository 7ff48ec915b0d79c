"""Maps a function over inputs with ProcessPoolExecutor; prints the seconds that it took once warm.

usage: process_pool.py WORKERS FUNCTION INPUT COUNT
"""
import sys
import time
from concurrent.futures import ProcessPoolExecutor


def successor(n):
    return n + 1


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def main(workers, function, value, count):
    with ProcessPoolExecutor(workers) as pool:
        # the processes are there when the clock starts
        warm_up = max(workers, count // 10)
        list(pool.map(function, [value] * warm_up, chunksize=1))
        begin = time.perf_counter()
        results = list(pool.map(function, [value] * count, chunksize=1))
        seconds = time.perf_counter() - begin
    assert results == [function(value)] * count
    print(seconds)


if __name__ == "__main__":
    main(int(sys.argv[1]), globals()[sys.argv[2]], int(sys.argv[3]), int(sys.argv[4]))
