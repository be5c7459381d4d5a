"""What is done with problems beyond the usual verbs."""

from typing import Any

from django.utils.translation import gettext as _

from mainstay.directory import walls
from mainstay.pure.language import within
from mainstay.pure.rules import By
from mainstay.records import access, commands, queries, values
from mainstay.records.errors import Invalid, Missing
from mainstay.records.fields import UNLIMITED
from mainstay.records.models import Event
from mainstay.records.turnstile import writing
from mainstay.records.types import Message, shelf

# What a problem takes over from the incident it is suspected behind; the caller's own words stay where they are.
COPIED = ("title", "service", "item", "impact", "urgency")
CAUSED_BY = "caused_by"
DUPLICATES = "duplicates"
ON_NOTICES = "on_notices"
# What an incident keeps has an opening of ours before it.
LONGEST = UNLIMITED - 1_000


def from_incident(key: str, by: By) -> Any:
    """A problem suspected behind an incident, linked to it. Raises Denied, Missing, or Invalid where it has one."""
    incident, problem = shelf.type("incident"), shelf.type("problem")
    with writing():
        record = commands.locked(incident, key, by)
        access.require(incident, "change", by.actor, record)
        known = queries.linked(problem, by.actor, record.id, CAUSED_BY, towards="target")
        if known:
            text = _("%(problem)s is linked as its cause already.")
            raise Invalid({"incident": [text % {"problem": known[0]["number"]}]})
        row = queries.one(incident, by.actor, record.number, names=COPIED)
        data = {name: row[name] for name in COPIED if row[name] is not None} | walls.around(record)
        made = commands.create(problem, data, by)
        commands.link(incident, record.number, CAUSED_BY, made.number, by)
        return made


def is_analysed_again(state: str, reopened: int) -> bool:
    """Whether a fix that is written down may be one of before that did not hold."""
    return state == "root_cause_analysis" and reopened > 0


def communicate(key: str, about: str, text: str, by: By, *, on_notices: bool = False) -> Event:
    """Tells the workaround or the fix to the caller of every open incident it causes; the worker does the telling.

    `on_notices` writes it on what is published from these incidents as well, for those who have it and did not ask:
    where whoever tells it may write that. What is told is kept with the event: the problem's own text may change until
    it has gone out.
    """
    problem = shelf.type("problem")
    verbs = {"workaround": "communicate_workaround", "fix": "communicate_fix"}
    with writing():
        record = commands.locked(problem, key, by)
        access.require(problem, "change", by.actor, record)
        if about not in verbs:
            names = ", ".join(verbs)
            raise Invalid({"about": [_("This must be one of %(names)s.") % {"names": names}]})
        if record.state in ("closed", "cancelled") and record.resolution_code != "risk_accepted":
            raise Invalid({"about": [_("This is over; there is nothing to tell any more.")]})
        known = getattr(record, about)
        if not known.strip():
            field = {"workaround": _("workaround"), "fix": _("fix")}[about]
            raise Invalid({about: [_("Write down the %(field)s first.") % {"field": field}]})
        if about == "fix" and is_analysed_again(record.state, record.reopen_count):
            text = _("This is being analysed again: start the fix before its callers are told.")
            raise Invalid({about: [text]})
        said = text if text.strip() else known
        if len(said) > LONGEST:
            text = _("This is %(n)s characters long; %(most)s fit.")
            raise Invalid({"text": [text % {"n": f"{len(said):,}", "most": f"{LONGEST:,}"}]})
        return commands.note_on(
            problem,
            record,
            verbs[about],
            by,
            message=Message("all", said),
            facts={ON_NOTICES: True} if on_notices else {},
        )


def duplicate(key: str, other: str, by: By) -> Any:
    """Closes a problem as the same as another open one, which its incidents move over to in the worker."""
    problem = shelf.type("problem")
    with writing():
        # Both are locked, the older first, so that two cannot be made duplicates of each other at once.
        ids = {k: values.lookup(problem, k, by.actor) for k in (key, other)}
        if ids[key] is None:
            raise Missing(f"{within(problem.label)} {key}")
        if ids[other] is None or ids[other] == ids[key]:
            text = _("There is no other problem %(number)s.") % {"number": other}
            raise Invalid({"of": [text]})
        both = {k: commands.locked(problem, k, by) for k in sorted(ids, key=lambda k: ids[k] or 0)}
        record = both[key]
        access.require(problem, "change", by.actor, record)
        if not (record.is_open and both[other].is_open):
            raise Invalid({"of": [_("Both problems must be open for that.")]})
        commands.write_on(problem, record, "duplicate", {}, by, state="closed")
        commands.link(problem, record.number, DUPLICATES, both[other].number, by)
        return record
