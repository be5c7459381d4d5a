"""What a benchmark does with Django loaded, in a process of its own: `python -m tests.benchmarks.inside fill 10000`."""

from __future__ import annotations

import importlib
import json
import os
import sys

import django


def main(verb: str, *arguments: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings.base")
    django.setup()
    # Models can only be imported from here on.
    data = importlib.import_module("tests.benchmarks.data")
    if verb == "fill":
        data.fill(*(int(argument) for argument in arguments))
    elif verb == "keys":
        print(json.dumps(data.keys()))
    elif verb == "forty":
        print(json.dumps(data.forty()))
    elif verb == "open_pages":
        print(json.dumps(data.open_pages(int(arguments[0]))))
    elif verb in ("sign_out", "withdraw"):
        print(json.dumps(getattr(data, verb)(arguments)))
    elif verb in ("seen_by_all", "long_record", "backlog", "throughput", "lateness", "bulk"):
        worked = importlib.import_module("tests.benchmarks.worked")
        given = [int(each) if each.isdigit() else each for each in arguments]
        print(json.dumps(getattr(worked, verb)(*given)))
    elif verb == "record":
        recorded = importlib.import_module("tests.benchmarks.recorded")
        print(json.dumps(recorded.recorded(data.keys(), json.loads(arguments[0]))))


if __name__ == "__main__":
    main(*sys.argv[1:])
