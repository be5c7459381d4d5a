"""A condition finds the same rows in Python, in SQLite and in PostgreSQL."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mainstay.pure.conditions import Condition, Env, Kind, check, matches, opposite
from mainstay.pure.text import FOLDED, fold, unhyphenated
from mainstay.records import folding
from mainstay.records.filters import Column, sql
from tests.random_conditions import FIELDS, IDS, NOW, conditions, envs, rows

POSTGRES = os.environ.get("MAINSTAY_TEST_POSTGRES", "")
Row = dict[str, Any]
Found = Callable[[Condition, Env, list[Row]], list[int]]


def _stored_time(value: datetime) -> str:
    return str(value.astimezone(UTC).replace(tzinfo=None))


ADAPT: dict[str, dict[Kind, Callable[[Any], Any]]] = {
    "sqlite": {Kind.TIME: _stored_time, Kind.DATE: str},
    "postgresql": {},
}
TYPES = {
    Kind.NUMBER: "bigint",
    Kind.BOOL: "boolean",
    Kind.TIME: "timestamptz",
    Kind.DATE: "date",
    Kind.REF: "bigint",
}


def columns(vendor: str) -> dict[str, Column]:
    return {
        name: Column(f"r.{name}", kind, ADAPT[vendor].get(kind)) for name, kind in FIELDS.items()
    }


def _schema() -> list[str]:
    types = {name: TYPES.get(kind, "text") for name, kind in FIELDS.items()}
    types["effort"] = "double precision"
    return [
        "CREATE TEMPORARY TABLE records_record (id bigint, number text)",
        f"CREATE TEMPORARY TABLE r (n bigint, {', '.join(f'{n} {t}' for n, t in types.items())})",
    ]


def _stored(row: Row, vendor: str) -> list[Any]:
    stored: list[Any] = []
    for name, kind in FIELDS.items():
        value = row[name]
        adapt = IDS.get if kind is Kind.REF else ADAPT[vendor].get(kind)
        stored.append(value if value is None or adapt is None else adapt(value))
    return stored


def _finder(vendor: str, execute: Callable[[str, list[Any]], list[Any]]) -> Found:
    for statement in _schema():
        execute(statement, [])
    for number, key in IDS.items():
        execute("INSERT INTO records_record VALUES (%s, %s)", [key, number])
    slots = ", ".join(["%s"] * (len(FIELDS) + 1))

    def found(condition: Condition, env: Env, table: list[Row]) -> list[int]:
        execute("DELETE FROM r", [])
        for n, row in enumerate(table):
            execute(f"INSERT INTO r VALUES ({slots})", [n, *_stored(row, vendor)])
        where, params = sql(condition, columns(vendor), env, vendor)
        return [n for (n,) in execute(f"SELECT n FROM r WHERE {where} ORDER BY n", params)]

    return found


@pytest.fixture(scope="module")
def sqlite() -> Iterator[Found]:
    connection = sqlite3.connect(":memory:")
    folding.install(connection)
    yield _finder(
        "sqlite",
        lambda text, params: connection.execute(text.replace("%s", "?"), params).fetchall(),
    )
    connection.close()


@pytest.fixture(scope="module")
def postgres() -> Iterator[psycopg.Connection[Any]]:
    if not POSTGRES:
        pytest.skip("MAINSTAY_TEST_POSTGRES is not set")
    # Parameters are bound by the client, as Django does; the server ends as it was.
    with psycopg.connect(POSTGRES, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute(folding.POSTGRESQL_FUNCTION)
        yield connection
        connection.rollback()


@pytest.fixture(scope="module")
def postgresql(postgres: psycopg.Connection[Any]) -> Found:
    def execute(text: str, params: list[Any]) -> list[Any]:
        cursor = postgres.execute(text, params)
        return cursor.fetchall() if cursor.description else []

    return _finder("postgresql", execute)


def same(found: Found, condition: Condition, env: Env, table: list[Row]) -> None:
    for asked in (condition, opposite(condition)):
        expected = [n for n, row in enumerate(table) if matches(asked, row, env)]
        assert found(asked, env, table) == expected


tables = st.lists(rows, min_size=1, max_size=4)
unhurried = settings(deadline=None, suppress_health_check=list(HealthCheck))


@settings(unhurried, max_examples=200)
@given(condition=conditions, env=envs, table=tables)
def test_python_and_sqlite_find_the_same(
    sqlite: Found, condition: Condition, env: Env, table: list[Row]
) -> None:
    same(sqlite, condition, env, table)


@settings(unhurried, max_examples=200)
@given(condition=conditions, env=envs, table=tables)
def test_python_and_postgresql_find_the_same(
    postgresql: Found, condition: Condition, env: Env, table: list[Row]
) -> None:
    same(postgresql, condition, env, table)


def fragment(text: str, vendor: str = "sqlite", env: Env | None = None) -> tuple[str, list[Any]]:
    asker = env or Env("USER-1", 1, ("TEAM-1", "TEAM-2"), (11, 12), NOW)
    return sql(check(text, FIELDS), columns(vendor), asker, vendor)


# Plain ASCII is folded by SQLite itself.
SAID = "case when length(cast(r.title as blob)) = length(r.title) then lower(r.title) else mainstay_fold(r.title) end"
LONGER = "not length(cast(r.title as blob)) = length(r.title)"
HOLDS = (
    "(r.title {0} or (instr(r.title, '-') > 0 and replace(r.title, '-', '') {0})"
    f" or ({LONGER} and replace(mainstay_fold(r.title), '-', '') {{0}}))"
)


@pytest.mark.parametrize(
    ("text", "where", "params"),
    [
        (
            'priority <= 2 && state == "new"',
            "(r.priority <= %s AND r.state = %s)",
            [2, "new"],
        ),
        ("is_open && !is_major", "(r.is_open AND NOT (r.is_major))", []),
        ("is_open == false", "NOT r.is_open", []),
        ("assignee == me", "r.assignee = %s", [1]),
        ("team in my_teams", "r.team IN (%s, %s)", [11, 12]),
        ("assignee == null", "(r.assignee IS NULL)", []),
        (
            'title.contains("50%_\\\\Ž")',
            HOLDS.format("like %s escape '\\'"),
            ["%50\\%\\_\\\\z%"] * 3,
        ),
        (
            'title.contains("Wi-Fi")',
            HOLDS.format("like %s"),
            ["%wifi%"] * 3,
        ),
        ('title.contains("日")', f"replace({SAID}, '-', '') like %s", ["%日%"]),
        (
            'title.contains("--")',
            f"(r.title like %s or ({LONGER} and mainstay_fold(r.title) like %s))",
            ["%--%"] * 2,
        ),
        ('title.startsWith("Wi-")', f"{SAID} LIKE %s ESCAPE '\\'", ["wi-%"]),
        (
            'team == "team2"',
            "r.team = COALESCE((SELECT id FROM records_record WHERE number = %s), -1)",
            ["TEAM-2"],
        ),
        ('created_at > now - duration("24h")', "r.created_at > %s", ["2026-03-28 00:30:00"]),
        ("starts_on <= now", "r.starts_on <= %s", ["2026-03-29"]),
    ],
)
def test_the_sql_of_usual_conditions(text: str, where: str, params: list[Any]) -> None:
    assert fragment(text) == (where, params)


def test_an_index_on_a_choice_serves_what_asks_for_it() -> None:
    assert fragment('state in ["new", "on_hold"]')[0] == "r.state IN (%s, %s)"
    assert fragment('!(state == "new")')[0] == "NOT (NULLIF(r.state, '') = %s)"
    assert fragment('!(state != "new")')[0] == "NOT (r.state <> %s)"


def test_texts_order_by_code_points_everywhere() -> None:
    assert fragment('title < "m"', "postgresql")[0].endswith('COLLATE "C" < %s')


def test_somebody_without_teams_finds_nothing_in_their_teams() -> None:
    nobody = Env(None, None, (), (), NOW)
    assert fragment("team in my_teams", env=nobody) == ("r.team IN (-1)", [])


@pytest.mark.parametrize(
    "text", ["", "VPN Drops", "Ž-Wi-Fi", "STRASSE ß", "tab\tÜ", "İ", "K", "nul\0Ž", "日本語 VPN"]
)
def test_what_sqlite_folds_by_itself_is_the_same(text: str) -> None:
    connection = sqlite3.connect(":memory:")
    folding.install(connection)
    for column in ("?1", "cast(null as text)"):
        said = folding.folded(column, "sqlite")
        [found] = connection.execute(f"select {said} from (select ?1)", [text]).fetchone()
        assert found == (fold(text) if column == "?1" else None)


PIECES = st.sampled_from(
    ["vpn", "VPN", "-", "Wi-Fi", "é", "e\u0301", "İ", "\u212a", " ", "%", "_", "日"]
)


@given(st.lists(PIECES, max_size=5).map("".join), st.lists(PIECES, max_size=3).map("".join))
def test_what_a_text_holds_is_the_same_the_short_way(text: str, part: str) -> None:
    connection = sqlite3.connect(":memory:")
    folding.install(connection)
    said, wanted = fold(text), unhyphenated(fold(part))
    whole = said if "-" in wanted else said.replace("-", "")
    for (test, params), is_so in (
        (folding.holding("t", wanted, "sqlite"), wanted in whole),
        (folding.being("t", fold(part), "sqlite"), fold(part) == said),
    ):
        ask = f"select {test.replace('%s', '?')} from (select ? as t)"
        assert connection.execute(ask, [*params, text]).fetchone() == (is_so,)
        assert connection.execute(ask, [*params, None]).fetchone() == (None,)
    connection.close()


def test_sqlite_folds_as_python_does() -> None:
    connection = sqlite3.connect(":memory:")
    folding.install(connection)
    texts = [chr(code) for code in FOLDED]
    for start in range(0, len(texts), 500):
        part = "x".join(texts[start : start + 500])
        assert connection.execute("SELECT mainstay_fold(?)", [part]).fetchone() == (fold(part),)
    assert connection.execute("SELECT mainstay_fold(NULL)").fetchone() == (None,)
    connection.close()


def test_postgresql_folds_every_character_as_python_does(
    postgres: psycopg.Connection[Any],
) -> None:
    texts = [chr(code) for code in range(1, 0x110000) if not 0xD800 <= code < 0xE000]
    whole = ["".join(texts[start : start + 64]) for start in range(0, len(texts), 64)]
    rows = postgres.execute(
        "SELECT mainstay_fold(t) FROM unnest(%s::text[]) WITH ORDINALITY u(t, n) ORDER BY n",
        [whole],
    ).fetchall()
    assert [text for (text,) in rows] == [fold(text) for text in whole]
    assert postgres.execute("SELECT mainstay_fold(NULL)").fetchone() == (None,)
