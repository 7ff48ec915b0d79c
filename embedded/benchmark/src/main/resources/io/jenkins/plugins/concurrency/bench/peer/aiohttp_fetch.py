"""Fetches the URLs of a file; prints the seconds that it took once warm.

usage: aiohttp_fetch.py URLS LIMIT DIRECTORY|-
"""
import asyncio
import os
import sys
import time

import aiohttp

WARM_UP = 1000


async def discard(session, url):
    async with session.get(url) as response:
        response.raise_for_status()
        await response.read()


async def store(session, url, directory):
    path = os.path.join(directory, url.rsplit("/", 1)[1])
    async with session.get(url) as response:
        response.raise_for_status()
        with open(path, "wb") as file:
            async for chunk in response.content.iter_any():
                file.write(chunk)


async def fetch_all(session, urls, directory):
    if directory == "-":
        await asyncio.gather(*(discard(session, url) for url in urls))
    else:
        await asyncio.gather(*(store(session, url, directory) for url in urls))


async def main(urls_file, limit, directory):
    with open(urls_file) as lines:
        urls = lines.read().split()
    connector = aiohttp.TCPConnector(limit=limit)
    timeout = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        # the connections are there and the code has run when the clock starts
        await fetch_all(session, urls[: min(WARM_UP, len(urls) // 10)], directory)
        begin = time.perf_counter()
        await fetch_all(session, urls, directory)
        print(time.perf_counter() - begin)


asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
