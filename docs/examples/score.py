#!/usr/bin/env python3
"""A persistent worker for cpuPool: scores reviews by the words in them.

It is started once for each worker of the pool, makes ready (a model is loaded, a connection opened: here it is a small
table), and then answers one JSON line for each JSON line that it reads, until there are no more.
"""

import json
import sys

WEIGHTS = {"love": 3, "great": 2, "good": 1, "slow": -1, "bad": -2, "broken": -3}


def score(review):
    words = review.lower().split()
    if not words:
        raise ValueError("an empty review")
    return {"score": sum(WEIGHTS.get(word, 0) for word in words), "words": len(words)}


def argument(request):
    """The input. One that is too large for a line comes in a file."""
    if request["arguments"]:
        return request["arguments"][0]
    with open(request["inputs"][0]["path"], encoding="utf-8") as file:
        return file.read()


for line in sys.stdin:
    request = json.loads(line)
    answer = {"requestId": request["requestId"], "exitCode": 0, "output": ""}
    try:
        answer["value"] = score(argument(request))
    except ValueError as problem:
        answer.update(exitCode=1, output=str(problem))
    # Nothing but answers may go to the standard output; what else there is to say goes to sys.stderr.
    print(json.dumps(answer), flush=True)
