"""From a session cookie or a token to an actor: one statement, and every process sees a right withdrawn at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.http import HttpRequest

from mainstay.directory import cookies
from mainstay.directory.models import digests_of
from mainstay.directory.roles import with_included
from mainstay.directory.signin.sessions import SEEN_EVERY
from mainstay.pure.rules import Actor, Grant
from mainstay.records import clock, rows
from mainstay.records.settings_version import Copy

SESSION_COOKIE = "mainstay_session"

# Everything about a person that rules look at, as rows whose first column says what they are. Joined with `who`,
# SQLite walked through the memberships of everybody.
ABOUT = """
with who as ({who})
select 'person', r.title, r.number, cast(r.organisation_id as text), u.username, u.language, u.time_zone,
       r.id, r.uuid, who.scopes, who.is_new
  from who join directory_user u on u.record_ptr_id = who.user_id join records_record r on r.id = who.user_id
 where r.is_open and not r.is_removed
union all
select 'team', t.number, '', '', '', '', '', m.team_id, null, null, 0
  from directory_membership m join records_record t on t.id = m.team_id
 where m.user_id = (select user_id from who)
union all
select 'grant', g.role, cast(g.team_id as text), cast(g.organisation_id as text), '', '', '', 0, null, null, 0
  from directory_rolegrant g where g.user_id = (select user_id from who)
union all
select 'version', part, '', '', '', '', '', version, null, null, 0
  from records_settingsversion
"""
WHO = "select user_id, {scopes} as scopes, {is_new} as is_new from {table} where digest = %s and expires_at > %s"
PERSON = """
select record_ptr_id as user_id, cast(null as text) as scopes, 0 as is_new from directory_user where record_ptr_id = %s
"""

# The same for several people at once; the first column says whose row it is.
ABOUT_MANY = """
select u.record_ptr_id, 'person', r.title, r.number, cast(r.organisation_id as text), u.username, u.language,
       u.time_zone, r.id, r.uuid, cast(null as text), 0
  from directory_user u join records_record r on r.id = u.record_ptr_id
 where u.record_ptr_id in ({people}) and r.is_open and not r.is_removed
union all
select m.user_id, 'team', t.number, '', '', '', '', '', m.team_id, null, null, 0
  from directory_membership m join records_record t on t.id = m.team_id where m.user_id in ({people})
union all
select g.user_id, 'grant', g.role, cast(g.team_id as text), cast(g.organisation_id as text), '', '', '', 0,
       null, null, 0
  from directory_rolegrant g where g.user_id in ({people})
union all
select 0, 'version', part, '', '', '', '', '', version, null, null, 0
  from records_settingsversion
"""


def by_session(secret: str) -> Actor | None:
    seen = connection.ops.adapt_datetimefield_value(clock.now() - SEEN_EVERY)
    is_new = "case when seen_at > %s then 0 else 1 end"
    return _read("directory_session", "cast(null as text)", is_new, secret, seen)


def by_token(secret: str) -> Actor | None:
    is_new = "case when first_used_at is null then 1 else 0 end"
    return _read("directory_token", "cast(scopes as text)", is_new, secret)


def for_person(user_id: int) -> Actor:
    """The actor of a person without a request: for commands on the command line and for jobs."""
    with connection.cursor() as cursor:
        cursor.execute(ABOUT.format(who=PERSON), [user_id])
        found = _actor(cursor.fetchall(), "")
    if found is None:
        raise LookupError(f"no active person {user_id}")
    return found


def for_people(user_ids: Iterable[int]) -> dict[int, Actor]:
    """The same for several people, those who have left aside. One statement."""
    wanted = sorted(set(user_ids))
    if not wanted:
        return {}
    about: dict[int, list[tuple[Any, ...]]] = {id: [] for id in (0, *wanted)}
    with connection.cursor() as cursor:
        people = ", ".join(["%s"] * len(wanted))
        cursor.execute(ABOUT_MANY.format(people=people), wanted * 3)
        for user_id, *row in cursor.fetchall():
            about[user_id].append(tuple(row))
    found = {id: _actor([*about[id], *about[0]], "") for id in wanted}
    return {id: actor for id, actor in found.items() if actor is not None}


def by_sessions(digests: Iterable[str]) -> dict[str, tuple[Actor, datetime]]:
    """Of sessions, by their digests, those that hold on: their people as they are now, and when each ends by itself.
    Two statements."""
    wanted = sorted(set(digests))
    if not wanted:
        return {}
    now = connection.ops.adapt_datetimefield_value(clock.now())
    marks = ", ".join(["%s"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(
            "select digest, user_id, expires_at from directory_session"
            f" where digest in ({marks}) and expires_at > %s",
            [*wanted, now],
        )
        found = cursor.fetchall()
    people = for_people(owner for _digest, owner, _until in found)
    aware = rows.time_codec(python=True)
    return {
        digest: (replace(people[owner], session=digest), aware(until))
        for digest, owner, until in found
        if owner in people
    }


def actor_of(request: HttpRequest) -> Actor | None:
    """Who is signed in with this browser; kept for the request."""
    if not hasattr(request, "_actor"):
        secret = cookies.read(request, SESSION_COOKIE)
        request._actor = by_session(secret) if secret else None  # type: ignore[attr-defined]
    return request._actor  # type: ignore[attr-defined,no-any-return]


def _read(table: str, scopes: str, is_new: str, secret: str, *params: Any) -> Actor | None:
    who = WHO.format(table=table, scopes=scopes, is_new=is_new)
    now = connection.ops.adapt_datetimefield_value(clock.now())
    with connection.cursor() as cursor:
        # One statement, unless the site's key was changed and this is of the time before.
        for digest in digests_of(secret):
            cursor.execute(ABOUT.format(who=who), [*params, digest, now])
            if (actor := _actor(cursor.fetchall(), digest)) is not None:
                return actor
    return None


def _actor(found: Iterable[tuple[Any, ...]], session: str) -> Actor | None:
    person, teams, grants, versions = None, [], set(), {}
    for row in found:
        match row[0]:
            case "person":
                person = row
            case "team":
                teams.append((row[7], row[1]))
            case "grant":
                scope = _number(row[2]), _number(row[3])
                grants |= {Grant(role, *scope) for role in with_included(row[1])}
            case "version":
                versions[row[1]] = row[7]
    if person is None:
        return None
    walls = _walls.under(versions.get("directory"))
    organisation = _number(person[3])
    members = frozenset(team for team, _ in teams)
    return Actor(
        id=person[7],
        name=person[1],
        number=person[2],
        uuid=rows.uuid_text(connection.vendor)(person[8]),
        login=person[4],
        language=person[5],
        time_zone=person[6],
        grants=frozenset(grants),
        teams=members,
        team_numbers=tuple(sorted(number for _, number in teams)),
        organisation_id=organisation,
        organisation=walls.names.get(organisation, ""),
        confined_to=walls.inside(organisation),
        hidden_teams=walls.restricted - members,
        walled_teams=walls.restricted & members,
        scopes=_scopes(person[9]),
        session=session,
        is_new_here=bool(person[10]),
        versions=versions,
    )


class _Walls:
    """Restricted teams, what organisations are called, and for each the ones its people are confined to."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("select record_ptr_id from directory_team where is_restricted")
            self.restricted = frozenset(row[0] for row in cursor.fetchall())
            cursor.execute(
                "select o.record_ptr_id, o.parent_id, o.is_confined, r.title from directory_organisation o"
                " join records_record r on r.id = o.record_ptr_id"
            )
            rows = cursor.fetchall()
        self._organisations = {row[0]: (row[1], bool(row[2])) for row in rows}
        self.names = {row[0]: row[3] for row in rows}

    def inside(self, organisation: int | None) -> frozenset[int] | None:
        """The nearest confined organisation above (or this one) with all below it; None where there is no wall."""
        seen: set[int] = set()
        while organisation is not None and organisation not in seen:
            seen.add(organisation)
            above, confined = self._organisations.get(organisation, (None, False))
            if confined:
                return frozenset(self._below(organisation))
            organisation = above
        return None

    def _below(self, top: int) -> set[int]:
        found, grown = {top}, True
        while grown:
            more = {o for o, (above, _) in self._organisations.items() if above in found} - found
            grown = bool(more)
            found |= more
        return found


_walls = Copy("directory", _Walls)


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _scopes(text: str | None) -> frozenset[str] | None:
    if text is None:
        return None
    return frozenset(part.strip(' "') for part in text.strip("[]").split(",") if part.strip(' "'))
