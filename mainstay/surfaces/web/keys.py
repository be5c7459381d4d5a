"""What the keys of a list do to one of its rows, and those of a record's page to it."""

from dataclasses import dataclass
from functools import lru_cache

from mainstay.pure.lifecycle import Kind
from mainstay.pure.rules import Actor
from mainstay.records import access, fields
from mainstay.records.fields import Field
from mainstay.records.types import RecordType
from mainstay.surfaces.web import tables

# What a priority follows from, where a type does not take it as it is.
WEIGHED = ("impact", "urgency")


@dataclass(frozen=True)
class Keys:
    """What a page tells its script: which field A sets, which move R makes, and whether E, P and S have anything."""

    assign: str = ""
    resolve: str = ""
    may_edit: bool = False
    has_priority: bool = False
    editable: tuple[str, ...] = ()


@lru_cache(maxsize=1024)
def keys(rtype: RecordType, actor: Actor) -> Keys:
    """By what may ever be this actor's; each row is asked when its menu opens."""
    found = editable(rtype, actor)
    resolve = next(
        (
            m.name
            for m in rtype.lifecycle.moves
            if rtype.lifecycle.state(m.target).kind is Kind.RESOLVED
            and access.may_ever(rtype.access.rule_for(m.name), actor)
        ),
        "",
    )
    return Keys(
        assign=next((f.name for f in found if f.attribute == "assignee"), ""),
        resolve=resolve,
        may_edit=bool(found),
        has_priority=bool(weights(found)),
        editable=tuple(f.name for f in found),
    )


def editable(rtype: RecordType, actor: Actor) -> list[Field]:
    """The fields of the form this actor may ever write."""
    if not tables.may_change(rtype, actor):
        return []
    seen = fields.visible(rtype, actor)
    return [seen[n] for n in rtype.form if n in seen and seen[n].writable]


def weights(found: list[Field]) -> list[Field]:
    """Those of them a priority is, or follows from."""
    own = [f for f in found if f.name == "priority"]
    return own or [f for f in found if f.name in WEIGHED]
