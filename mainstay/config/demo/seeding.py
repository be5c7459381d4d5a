"""Makes the demonstration in an empty site: a month that passes in seconds, in one transaction."""

from __future__ import annotations

import heapq
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import cycle
from random import Random

from mainstay.capabilities.telling.commands import read_all
from mainstay.config.demo import house as houses
from mainstay.config.demo import plots, staged, texts
from mainstay.config.demo.desk import Desk
from mainstay.config.demo.hours import reported
from mainstay.config.demo.plots import Chance, Plot
from mainstay.config.demo.problems import problems
from mainstay.directory.signin import password
from mainstay.pure.rules import SYSTEM
from mainstay.records import clock, queries, values
from mainstay.records.errors import Denied
from mainstay.records.turnstile import writing
from mainstay.records.types import shelf

SEED = 20481
DAYS = 30
CASES = 335
# When the eight looked into their inboxes the last time.
LAST_LOOK = timedelta(hours=20)
# How far what people are told may be behind what happened.
ROUND = timedelta(hours=4)

# Login, which is the role; name; password.
SignIn = tuple[str, str, str]


def seed() -> list[SignIn]:
    """Who can sign in, each with a new password. All of it is made or nothing is.

    Where the demonstration is already, only the passwords are new. Raises Denied in a site that has
    people of its own.
    """
    personas = texts.read("organisation.toml")["persona"]
    logins = [(persona["login"], persona["name"]) for persona in personas]
    known = _people()
    if known and not all(known.get(login, ("", ""))[1] == name for login, name in logins):
        raise Denied("This site has people of its own; the demonstration needs an empty one.")
    passwords = {login: secrets.token_urlsafe(9) for login, _ in logins}
    # Hashing is slow on purpose and waits for no database: it goes on beside the rest.
    with ThreadPoolExecutor(1) as beside:
        hashes = beside.map(password.hashed, passwords.values())
        with writing():
            if not known:
                _live(clock.now())
                known = _people()
            for (login, _), hashed in zip(logins, hashes, strict=True):
                user_id = values.lookup(shelf.type("user"), known[login][0], SYSTEM)
                if user_id is not None:
                    password.store(user_id, hashed)
    return [(login, name, passwords[login]) for login, name in logins]


def _people() -> dict[str, tuple[str, str]]:
    """Number and name by login of those who came first: the eight are among them in a demo."""
    names = ("number", "username", "title")
    rows = queries.page(shelf.type("user"), SYSTEM, names=names, order="created_at", size=100).items
    return {row["username"]: (row["number"], row["title"]) for row in rows}


def _live(now: datetime) -> None:
    rng = Random(SEED)  # noqa: S311 - chance that must come out the same each time
    begin = now - timedelta(days=DAYS)
    with clock.held(begin - timedelta(days=1)):
        house = houses.build(rng)
    desk = Desk(house, rng)
    chance = Chance(desk, rng)
    # What has more wordings happens more often.
    stories = [story for story in texts.stories() for _ in story.titles]
    rng.shuffle(stories)
    moments = reported(rng, CASES, begin, now)
    begun = [
        (at, plots.ordinary(chance, story))
        for at, story in zip(moments, cycle(stories), strict=False)
    ]
    looks = [(now - LAST_LOOK, _look(desk))]
    rounds = [(begin, _rounds(desk))]
    play(begun + staged.cases(desk, now) + problems(desk, now) + looks + rounds, now)
    desk.worker.catch_up()


def _rounds(desk: Desk) -> Plot:
    """Inboxes and the index of words need not be kept up with each event, only while the past is still near."""
    while True:
        desk.worker.catch_up()
        yield clock.now() + ROUND


def _look(desk: Desk) -> Plot:
    """Those one can sign in as have read what there was until then."""
    desk.worker.catch_up()
    for persona in texts.read("organisation.toml")["persona"]:
        read_all(desk.house.by(desk.house.persona(persona["login"])).actor)
    yield from ()


def play(begun: list[tuple[datetime, Plot]], until: datetime) -> None:
    """Lets every plot act when its moment comes, in the order of time, up to a moment."""
    waiting = [(at, n, plot) for n, (at, plot) in enumerate(begun)]
    heapq.heapify(waiting)
    while waiting:
        at, n, plot = heapq.heappop(waiting)
        if at > until:
            break
        with clock.held(at):
            following = next(plot, None)
        if following is not None:
            heapq.heappush(waiting, (following, n, plot))
