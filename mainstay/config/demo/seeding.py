"""Makes the demonstration in an empty site: a quarter that passes in seconds, in one transaction."""

from __future__ import annotations

import heapq
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from random import Random

from mainstay.capabilities.search import rebuilding
from mainstay.capabilities.telling.commands import read_all
from mainstay.config.demo import house as houses
from mainstay.config.demo import plots, staged, texts
from mainstay.config.demo.desk import Desk
from mainstay.config.demo.plots import Chance, Plot
from mainstay.config.demo.problems import problems
from mainstay.config.demo.quarter import Quarter
from mainstay.config.demo.size import FULL, Size
from mainstay.directory.signin import password
from mainstay.directory.signin.guessable import Owner
from mainstay.pure.rules import SYSTEM
from mainstay.records import clock, queries, values
from mainstay.records.errors import Denied, Illegal
from mainstay.records.turnstile import writing
from mainstay.records.types import shelf

SEED = 20481
# When the eight looked into their inboxes the last time.
LAST_LOOK = timedelta(hours=20)
# How far what people are told may be behind what happened: long ago, and since a day before the last look.
ROUND, NEAR_ROUND = timedelta(days=1), timedelta(hours=4)
NEAR = LAST_LOOK + timedelta(days=1)
# Of all there is to do such a part is done when the past is lived through; the rest makes the index of words.
LIVING = 0.92

# How far it is, from 0 to 1.
Tell = Callable[[float], None]
# Login, which is the role; name; password.
SignIn = tuple[str, str, str]


def seed(size: Size = FULL, tell: Tell = lambda _done: None) -> list[SignIn]:
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
        owners = [Owner(login, name) for login, name in logins]
        hashes = beside.map(password.hashed, passwords.values(), owners)
        with writing():
            if not known:
                _live(size, clock.now(), tell)
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


def _live(size: Size, now: datetime, tell: Tell) -> None:
    rng = Random(SEED)  # noqa: S311 - chance that must come out the same each time
    quarter = Quarter(size, now)
    with clock.held(quarter.begin - timedelta(days=1)):
        house = houses.build(rng, size)
    desk = Desk(house, rng)
    chance = Chance(desk, rng)
    begun = [(report.at, plots.ordinary(chance, report)) for report in quarter.reports(rng)]
    for wave in quarter.waves:
        reports = quarter.reports_of(rng, wave)
        begun += [(report.at, plots.caught(chance, report, wave)) for report in reports]
        if wave.case:
            begun.append(staged.begun(desk, wave.case, now, wave.begin))
    looks = [(now - LAST_LOOK, _look(desk))]
    rounds = [(quarter.begin, _rounds(desk, now, lambda at: tell(quarter.passed(at) * LIVING)))]
    play(begun + staged.cases(desk, now) + problems(desk, quarter) + looks + rounds, now)
    desk.worker.catch_up()
    rebuilding.run(lambda done, total: tell(LIVING + (1 - LIVING) * done / total), from_start=True)


def _rounds(desk: Desk, now: datetime, tell: Callable[[datetime], None]) -> Plot:
    """Inboxes need not be kept up with each event, only while the past is still near."""
    while True:
        tell(clock.now())
        desk.worker.catch_up()
        yield clock.now() + (ROUND if now - clock.now() > NEAR + ROUND else NEAR_ROUND)


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
            try:
                following = next(plot, None)
            except Illegal:
                # Somebody was faster, as at any desk: the case is where this step is possible no more. By which minute
                # the past is made decides who is, so no such chance may keep a site from starting.
                following = None
        if following is not None:
            heapq.heappush(waiting, (following, n, plot))
