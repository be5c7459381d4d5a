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
# What people of half of the world write into a title and are called; of a page, one in five.
TITLES = (
    "Zażółć gęślą jaźń: drukarka w Łodzi stoi",
    "Не работает принтер в бухгалтерии на третьем этаже",
    "Máy in ở tầng ba không hoạt động từ sáng nay",
    "Εκτυπωτής εκτός λειτουργίας στον τρίτο όροφο",
    "Příliš žluťoučký kůň úpěl ďábelské ódy",
)
NAMES = (
    "Łukasz Wiśniewski",
    "Наталья Ковалёва",
    "Nguyễn Thị Hồng",
    "Ειρήνη Παπαδοπούλου",
    "Şükrü Çağlayan",
)
ONE_IN = 5


def fill() -> None:
    from mainstay.config.demo import seeding
    from mainstay.config.demo.size import Size
    from mainstay.doors.compat.servicenow import replay
    from mainstay.records import delivery

    people = seeding.seed(Size(**SIZE))
    if REAL_LOG.exists():
        replay.run(REAL_LOG, lambda _progress: None, INCIDENTS)
        delivery.drain()
    in_every_script()
    told = {login: [name, password] for login, name, password in people}
    (Path(os.environ["MAINSTAY_DATA"]) / PEOPLE).write_text(json.dumps(told))


def in_every_script() -> None:
    """Records and people are called as they are in the languages people of a company have."""
    from mainstay.pure.rules import SYSTEM, By
    from mainstay.records import commands
    from mainstay.records.models import Record
    from mainstay.records.types import shelf

    by = By(SYSTEM, "setup")
    for name, called in (("incident", TITLES), ("user", NAMES)):
        numbers = Record.objects.filter(type=name).order_by("-created_at", "-id")
        for n, number in enumerate(
            numbers.values_list("number", flat=True)[: 12 * ONE_IN : ONE_IN]
        ):
            commands.change(shelf.type(name), number, {"title": called[n % len(called)]}, by)


if __name__ == "__main__":
    import django

    django.setup()
    fill()
