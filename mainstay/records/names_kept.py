"""What people, teams and services are called, kept in this process under the label of the settings they are part of.

Most words typed are in nobody's name: it tells only that a word is in no name at all; whose name it is in, and whether
the reader sees them, the database tells. And the same few of them stand in every row of every list.
"""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from django.db import connection

from mainstay.pure.text import fold, unhyphenated
from mainstay.records.settings_version import Copy
from mainstay.records.types import RecordType

# As many as a process keeps of each part: more than a list of any team shows in a day.
MOST = 10_000
Names = dict[int, dict[str, Any]]


def by_id(part: str, version: int | None) -> Names:
    """What was read of this part of the settings under that label, to be added to; without a label nothing is kept."""
    if version is None:
        return {}
    found: Names = _read(part).under(version)
    if len(found) > MOST:
        found.clear()
    return found


@cache
def _read(part: str) -> Copy:
    return Copy(part, dict)


def may_hold(rtype: RecordType, version: int | None, wanted: str) -> bool:
    """Whether some record's title may have a text in it, which is folded and without hyphens.

    `version` is the label of the settings that the type is a part of, as it was read with the actor; without one
    nothing is kept.
    """
    if version is None:
        return True
    return wanted in _copy(rtype.settings_part, rtype.name).under(version)


@cache
def _copy(part: str, type_name: str) -> Copy:
    return Copy(part, partial(_names, type_name))


def _names(type_name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select title from records_record where type = %s", [type_name])
        return "\n".join(unhyphenated(fold(title)) for (title,) in cursor.fetchall())
