"""A company with its last month, and the beginning of a real incident log, in one data directory.

Run as a program it fills the directory the environment names and writes there who can sign in.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from tests.doors.csv_log import REAL_LOG

SIZE = {"people": 80, "days": 90, "reports": 30}
# Of the real log; enough for two pages of a list.
INCIDENTS = 120
PEOPLE = "people.json"


def fill() -> None:
    from mainstay.config.demo import seeding
    from mainstay.config.demo.size import Size
    from mainstay.doors.compat.servicenow import replay
    from mainstay.records import delivery

    people = seeding.seed(Size(**SIZE))
    if REAL_LOG.exists():
        replay.run(REAL_LOG, lambda _progress: None, INCIDENTS)
        delivery.drain()
    told = {login: [name, password] for login, name, password in people}
    (Path(os.environ["MAINSTAY_DATA"]) / PEOPLE).write_text(json.dumps(told))


if __name__ == "__main__":
    import django

    django.setup()
    fill()
