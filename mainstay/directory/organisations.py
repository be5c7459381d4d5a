"""What an organisation belongs to, however far above, and whether a wall stands around it."""

from __future__ import annotations

from django.db import connection


def above(organisation_id: int) -> frozenset[int]:
    """The organisation itself and all it belongs to. `union` ends at what was found before, should there be a ring."""
    with connection.cursor() as cursor:
        cursor.execute(
            "with recursive up(id) as (select cast(%s as bigint) union select o.parent_id from directory_organisation o"
            " join up on o.record_ptr_id = up.id where o.parent_id is not null) select id from up",
            [organisation_id],
        )
        return frozenset(key for (key,) in cursor.fetchall())


def is_confined(organisation_id: int) -> bool:
    """Whether a wall stands around it, its own or one further above."""
    around = sorted(above(organisation_id))
    marks = ", ".join(["%s"] * len(around))
    with connection.cursor() as cursor:
        cursor.execute(
            f"select 1 from directory_organisation where is_confined and record_ptr_id in ({marks})",
            around,
        )
        return cursor.fetchone() is not None
