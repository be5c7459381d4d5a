"""What lists are asked: which fields, which records, in what order, how many, from where."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from mainstay.records import queries
from mainstay.records.errors import Invalid
from mainstay.records.types import RecordType
from mainstay.surfaces.api.operation import Param

USUAL = 50
SIZE = Param(
    name="size",
    schema={"type": "integer", "minimum": 1, "maximum": queries.MOST, "default": USUAL},
    says="How many on a page.",
)
AFTER = Param(
    name="after",
    schema={"type": "string"},
    says="Where to go on: `next` of the page before. What comes and goes meanwhile moves no page.",
)
PLACE = Param(
    name="after",
    schema={"type": "string", "pattern": "^[0-9]{1,18}$"},
    says="Where to go on: `next` of the page before.",
)
FIELDS = Param(
    name="fields",
    schema={"type": "string"},
    says="Names of fields, separated by commas; what every record has is always there.",
)
FILTER = Param(
    name="filter",
    schema={"type": "string", "maxLength": 4000},
    says=(
        "A condition over the fields you may read, such as"
        ' `is_open && title.contains("vpn")`; `me`, `my_teams` and `now` are known.'
    ),
)
COUNT = Param(
    name="count",
    schema={"type": "boolean", "default": False},
    says="Adds `count`, and `count_is_exact`: beyond 100,000 it is not counted on.",
)


def order(rtype: RecordType) -> Param:
    return Param(
        name="order",
        schema={"type": "string", "enum": list(rtype.orders), "default": rtype.order},
        says="A field to sort by, with `-` from the highest down; equal ones go by age.",
    )


def size(query: Mapping[str, str]) -> int:
    given = query.get("size", str(USUAL))
    if not (given.isascii() and given.isdecimal() and 0 < int(given[:9]) <= queries.MOST):
        raise Invalid(
            {
                "size": [
                    _("This must be a whole number from 1 to %(most)d.") % {"most": queries.MOST}
                ]
            }
        )
    return int(given)


def names(query: Mapping[str, str]) -> list[str] | None:
    given = query.get("fields")
    return None if given is None else [n.strip() for n in given.split(",") if n.strip()]


def is_counted(query: Mapping[str, str]) -> bool:
    given = query.get("count", "false")
    if given not in ("true", "false"):
        raise Invalid({"count": [_("This must be true or false.")]})
    return given == "true"


def event(query: Mapping[str, str]) -> int:
    """The id of the event, or of the link, that a page goes on after."""
    given = query.get("after", "0")
    if not (given.isascii() and given.isdecimal() and len(given) < 19):
        raise Invalid({"after": [_("This is no cursor for this list; start again without it.")]})
    return int(given)
