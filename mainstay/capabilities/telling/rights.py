"""What a person may hear of an event, and which entries exist for them; both by the rules lists are made of.

The first is asked when something is told, the second whenever an inbox is read: a right lost later hides the entry.
"""

from __future__ import annotations

from mainstay.capabilities.telling.concerns import Happening
from mainstay.pure.rules import Actor
from mainstay.records import access, fields, history
from mainstay.records.journal import UNDOES
from mainstay.records.types import RecordType, shelf


def types() -> list[RecordType]:
    return [rtype for rtype in shelf if rtype.has("telling")]


def may_hear(actor: Actor, what: Happening, *, of_the_text: bool = False) -> bool:
    """Whether they see the record, and of the event at least a part; `of_the_text` asks for what was said with it."""
    rtype, facts, event = what.rtype, what.facts, what.event
    if not access.allows(rtype, rtype.access.see, actor, facts):
        return False
    is_insider = access.is_insider(rtype, actor, facts)
    if event.audience != "all" and not is_insider:
        return False
    if what.said is not None and (what.is_public or is_insider):
        return True
    if of_the_text:
        return False
    # That something was taken back is told by what it changed.
    changes = event.changes.keys() - {UNDOES}
    if not changes:
        return what.said is None
    known, there = fields.of(rtype), fields.readable(rtype, actor, facts)
    return any(
        name in there if name in known else is_insider or name not in history.INTERNAL
        for name in changes
    )


def is_internal(what: Happening, *, of_the_text: bool) -> bool:
    """Whether it may be known to those alone who see the record otherwise than as its caller."""
    if what.event.audience != "all":
        return True
    has_inner_text = what.said is not None and not what.is_public
    return has_inner_text and (of_the_text or not what.event.changes)


def of_entries(actor: Actor, *, own: bool = False, verb: str = "read") -> tuple[str, list[object]]:
    """SQL over an entry `e` and its record `r`: those this actor may read; `own` as the portal shows them.

    `verb` is what a token must reach their types for.
    """
    ways, params = ["1 = 0"], list[object]()
    for rtype in types():
        if not actor.reaches(verb, rtype.plural) or (own and not portal_path(rtype)):
            continue
        see = access.one_condition(rtype, rtype.access.see, actor)
        inside = access.one_condition(rtype, access.insiders(rtype), actor)
        test = f"r.type = %s and {see.sql} and (not e.is_internal or {inside.sql})"
        params += [rtype.name, *see.params, *inside.params]
        if own and rtype.invitation is not None:
            test += f" and {access.calls('%s')}"
            params.append(actor.id)
        ways.append(f"({test})")
    test = f"not r.is_removed and ({' or '.join(ways)})"
    return (f"{test} and not e.is_internal" if own else test), params


def portal_path(rtype: RecordType) -> str:
    """Below which address the portal shows a record: one's own requests, and what everybody is told; "" otherwise."""
    if rtype.invitation is not None:
        return "/portal/requests/"
    return f"/portal/{rtype.plural}/" if rtype.shared else ""
