"""`mainstay_fold(text)` in the databases, character for character what `pure.text.fold` does."""

import sqlite3
from collections.abc import Iterable
from typing import Final

from mainstay.pure.text import FOLDED, HYPHEN, fold

NAME: Final = "mainstay_fold"
# What LIKE would read as a sign stands for itself.
META: Final = {ord(char): f"\\{char}" for char in "%_\\"}

# PostgreSQL looks a character up by walking along the list, so the ordinary ones lead it. They
# stand for themselves; without them every "e" of a Czech sentence would walk the whole list.
_ORDINARY: Final = (
    " etaoinsrlhdcumpfgywbvkxjqz0123456789.,-оеаинтсрвлкмдпуягьызбчхжшюцщэфαοιετσνηυρπκμλωδγχθφβξζψ"
)
_NEIGHBOURS: Final = 64


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _class_of(codes: Iterable[int]) -> str:
    """A bracket expression that covers all the characters, and few others, with few ranges."""
    ranges: list[list[int]] = []
    for code in sorted(codes):
        if ranges and code - ranges[-1][1] <= _NEIGHBOURS:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "[" + "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in ranges) + "]"


def _translation() -> str:
    singles = {chr(code): to for code, to in FOLDED.items() if len(to) == 1}
    longer = {chr(code): to for code, to in FOLDED.items() if len(to) > 1}
    # One letter stands in for all that become the same pair ("Æ" and "Ǽ" for "æ"): fewer passes.
    standing = {to: char for char, to in longer.items()}
    singles |= {char: standing[to] for char, to in longer.items() if standing[to] != char}
    deleted = "".join(chr(code) for code, to in FOLDED.items() if not to)
    sources = _ORDINARY + "".join(singles) + deleted
    targets = _ORDINARY + "".join(singles.values())
    sql = f"translate(t, {_quoted(sources)}, {_quoted(targets)})"
    for to, char in standing.items():
        sql = f"replace({sql}, {_quoted(char)}, {_quoted(to)})"
    return sql


# Plain ASCII takes the short way, and so does a script without case, such as Chinese. The body is
# written so that PostgreSQL can inline it (no STRICT) and use it in an index (IMMUTABLE, and names
# bound when it is created). It holds no "%", so it runs with and without parameters.
POSTGRESQL_FUNCTION: Final = f"""
CREATE OR REPLACE FUNCTION {NAME}(t text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
WHEN octet_length(t) = char_length(t)
OR t COLLATE "C" !~ '{_class_of(code for code in FOLDED if code > 127)}'
THEN lower(t COLLATE "C")
ELSE {_translation()}
END
"""


def folded(column: str, vendor: str) -> str:
    """The SQL for a column folded, for what no index serves.

    SQLite asks Python for each record; of plain ASCII its own lower() says the same in a third of the time.
    """
    if vendor != "sqlite":
        return f"{NAME}({column})"
    return f"case when {_is_plain(column)} then lower({column}) else {NAME}({column}) end"


def _is_plain(column: str) -> str:
    """The SQL for whether a text is plain ASCII, for SQLite: as many bytes as letters."""
    return f"length(cast({column} as blob)) = length({column})"


def holding(column: str, wanted: str, vendor: str) -> tuple[str, list[str]]:
    """The SQL for whether a text holds another, which is folded already, and its parameters: "wifi" is in "Wi-Fi"."""
    return _like(column, f"%{wanted.translate(META)}%", vendor, joined=HYPHEN not in wanted)


def being(column: str, wanted: str, vendor: str) -> tuple[str, list[str]]:
    """The SQL for whether a text is another, which is folded already, and its parameters."""
    return _like(column, wanted.translate(META), vendor)


def _like(column: str, pattern: str, vendor: str, *, joined: bool = False) -> tuple[str, list[str]]:
    """Whether a text is like a pattern when it is folded; `joined` also takes the hyphens out of it.

    SQLite's own LIKE knows the cases of plain ASCII. What it finds is there in any case; what it does not find is
    joined or folded only where that may say otherwise: a third of what it costs to fold each.
    """

    def said(text: str) -> str:
        return f"replace({text}, '{HYPHEN}', '')" if joined else text

    # Where nothing in it is a sign, the clause says nothing, and costs a tenth of the search.
    test = "like %s escape '\\'" if "\\" in pattern else "like %s"
    if vendor != "sqlite" or not pattern.isascii():
        return f"{said(folded(column, vendor))} {test}", [pattern]
    ways = [f"{column} {test}"]
    if joined:
        ways.append(f"(instr({column}, '{HYPHEN}') > 0 and {said(column)} {test})")
    ways.append(f"(not {_is_plain(column)} and {said(f'{NAME}({column})')} {test})")
    return f"({' or '.join(ways)})", [pattern] * len(ways)


def install(connection: sqlite3.Connection) -> None:
    """Teaches one SQLite connection the function; every new connection needs it."""

    def one(value: object) -> str | None:
        return None if value is None else fold(str(value))

    connection.create_function(NAME, 1, one, deterministic=True)
