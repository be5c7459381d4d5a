"""Reads a ServiceNow incident log: CSV, plain or gzipped, a row for every update of an incident."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from mainstay.doors.compat.servicenow.shapes import COLUMNS, MISSING, NEEDED, STATES
from mainstay.records.errors import Misplaced

MOMENT = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d{2})", re.ASCII)
GZIP = b"\x1f\x8b"


class Row(NamedTuple):
    """One update: when, and the columns we know as text; what the file has not is missing."""

    line: int
    order: int
    at: datetime
    values: tuple[str, ...]

    def __getattr__(self, name: str) -> str:
        try:
            return self.values[PLACE[name]]
        except KeyError:
            raise AttributeError(name) from None

    def has(self, name: str) -> bool:
        return self.values[PLACE[name]] != MISSING


PLACE = {name: place for place, name in enumerate(COLUMNS)}


@dataclass(frozen=True)
class Log:
    """The rows of each incident in order, the incidents in the order of their first row's time."""

    digest: str
    incidents: Sequence[Sequence[Row]]
    row_count: int


def read(path: Path) -> Log:
    """Raises Invalid with the line where it cannot be read."""
    content = path.read_bytes()
    if content.startswith(GZIP):
        try:
            content = gzip.decompress(content)
        except (EOFError, OSError, zlib.error) as error:
            raise Misplaced(
                {path.name: [f"This gzip file is damaged or cut off: {error}"]}
            ) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Misplaced({path.name: [f"This is not UTF-8 at byte {error.start:,}."]}) from None
    found: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(text):
        found[row.number].append(row)
    # Python's sort keeps the file's order where two updates have the same count.
    for updates in found.values():
        updates.sort(key=lambda row: row.order)
    incidents = sorted(found.values(), key=lambda updates: (updates[0].at, updates[0].number))
    digest = hashlib.sha256(content).hexdigest()
    return Log(digest, incidents, sum(map(len, incidents)))


def _rows(text: str) -> Iterator[Row]:
    lines = csv.reader(io.StringIO(text, newline=""))
    try:
        yield from _read_lines(lines)
    except csv.Error as error:
        raise Misplaced({f"line {max(lines.line_num, 1)}": [f"This is no CSV: {error}."]}) from None


def _read_lines(lines: Any) -> Iterator[Row]:
    try:
        header = next(lines)
    except StopIteration:
        raise Misplaced({"line 1": ["The file is empty."]}) from None
    lacking = [name for name in NEEDED if name not in header]
    if lacking:
        raise Misplaced({"line 1": [f"There is no column {', '.join(lacking)}."]})
    places = [header.index(name) if name in header else -1 for name in COLUMNS]
    number, state, count, updated = (PLACE[name] for name in NEEDED)
    for cells in lines:
        if not cells:
            continue
        line = lines.line_num
        if len(cells) != len(header):
            raise Misplaced(
                {f"line {line}": [f"There are {len(cells)} cells under {len(header)} names."]}
            )
        values = tuple(
            MISSING if place < 0 else sys.intern(cells[place].strip() or MISSING)
            for place in places
        )
        if values[number] == MISSING or values[state] not in STATES:
            raise Misplaced(
                {f"line {line}": [f"'{values[number]}' in '{values[state]}' is not an incident."]}
            )
        if not values[count].isdecimal():
            raise Misplaced({f"line {line}": [f"'{values[count]}' is not a count."]})
        yield Row(line, int(values[count]), moment(values[updated], line), values)


def moment(text: str, line: int) -> datetime:
    """`29/2/2016 01:16`, day first; the file names no zone and is read as UTC."""
    found = MOMENT.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        day, month, year, hour, minute = map(int, found.groups())
        return datetime(year, month, day, hour, minute, tzinfo=UTC)
    except ValueError:
        raise Misplaced(
            {f"line {line}": [f"'{text}' is not a time such as 29/2/2016 01:16."]}
        ) from None
