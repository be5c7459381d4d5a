"""The world with secrets in it: every private value carries a canary, and each canary knows who may read it."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from typing import Any

import pytest

from mainstay.capabilities.conversation import drafts
from mainstay.capabilities.conversation.commands import say
from mainstay.capabilities.files.commands import attach
from mainstay.capabilities.notices.commands import publish
from mainstay.practices.problems.commands import from_incident
from mainstay.pure.rules import SYSTEM
from mainstay.records import commands, queries
from mainstay.records.types import Message, shelf
from tests.safety.wire import Wire, signed_in
from tests.world import SETUP, World, build

# Agents of the own organisation and who includes them; no wall stands around any of them.
STAFF = frozenset({"agn", "agm", "agd", "agh", "old", "lead", "chm", "mgr", "aud", "adm"})
OWN = STAFF | {"ra1", "ra2", "ven"}
# Whose eyes the pages are read with: a requester, another one, agents in and outside the walls,
# an auditor, a vendor, an administrator, and two people of a confined organisation.
PERSONAS = ("ra1", "ra2", "rb1", "agd", "agh", "agb", "aud", "ven", "adm")
# The same for what takes long: on PostgreSQL, whose rules are the same, by one of each kind of reach.
ALL_OF_THEM = [
    *("ra1", "rb1", "agd", "ven"),
    *(pytest.param(n, marks=pytest.mark.sqlite_only) for n in ("ra2", "agh", "agb", "aud", "adm")),
]


@dataclass
class Ground:
    """The world, what is where in it, and who may read what."""

    world: World
    canaries: dict[str, frozenset[str]] = field(default_factory=dict)
    records: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Any] = field(default_factory=dict)

    def canary(self, name: str, readers: Iterable[str]) -> str:
        text = f"CNRY-{name}-{len(self.canaries):04d}"
        self.canaries[text] = frozenset(readers)
        return text

    def browser(self, name: str) -> Wire:
        return signed_in(self.world.people[name].id)

    def forbidden(self, name: str) -> set[str]:
        return {text for text, readers in self.canaries.items() if name not in readers}

    def hidden(self, name: str) -> dict[str, list[str]]:
        """By type, the numbers of records that exist and are not this person's to see."""
        actor = self.world.actor(name)
        found = {}
        for rtype in shelf:
            everything = _numbers(rtype, SYSTEM)
            found[rtype.name] = sorted(everything - _numbers(rtype, actor))
        return found


def _numbers(rtype: Any, actor: Any) -> set[str]:
    return {row["number"] for row in queries.page(rtype, actor, names=(), size=200).items}


def lay() -> Ground:
    ground = Ground(build())
    _directory(ground)
    _things(ground)
    world = ground.world
    desk = STAFF | {"ra1"}
    _incident(ground, "plain", "ra1", desk, desk - {"ra1"}, service=world.services["vpn"],
              team=world.teams["net"], item=ground.records["item"].number)  # fmt: skip
    _incident(ground, "hr", "ra2", {"agh", "ra2"}, {"agh"}, team=world.teams["hr"])
    # An agent who is the caller of a restricted team's case reads it as a caller, not as an agent.
    _incident(ground, "about-agd", "agd", {"agh", "agd"}, {"agh"}, team=world.teams["hr"])
    _incident(ground, "other", "rb1", STAFF | {"rb1", "agb"}, STAFF | {"agb"})
    # Somebody else's case that is for them as well.
    _incident(ground, "for", "ra1", {"agh", "ra1", "ra2"}, {"agh"}, team=world.teams["hr"],
              requested_for=world.number("ra2"))  # fmt: skip
    _beside(ground)
    _begun(ground)
    commands.link(
        shelf.type("incident"), ground.records["plain"].number, "relates",
        ground.records["hr"].number, SETUP,
    )  # fmt: skip
    return ground


def _directory(ground: Ground) -> None:
    world = ground.world
    organisation = shelf.type("organisation")
    # The name of the own organisation is no secret in it, and none of a customer's business.
    commands.change(
        organisation, world.organisations["a"], {"title": ground.canary("org-a", OWN)}, SETUP
    )
    for name in ("ra1", "agn", "agh"):
        values = {
            "phone": ground.canary(f"phone-{name}", STAFF | {name}),
            "job_title": ground.canary(f"job-{name}", STAFF | {name}),
        }
        commands.change(shelf.type("user"), world.number(name), values, SETUP)
    # In a team everybody may know of; their name is for those who may know of people.
    commands.change(
        shelf.type("user"), world.number("lead"), {"title": ground.canary("lead", STAFF)}, SETUP
    )
    for kind, readers in (("site", OWN), ("team", STAFF), ("service", OWN)):
        ground.records[f"{kind}-a"] = commands.create(
            shelf.type(kind),
            {
                "title": ground.canary(f"{kind}-a", readers),
                "organisation": world.organisations["a"],
            },
            SETUP,
        )


def _things(ground: Ground) -> None:
    world = ground.world
    # What a restricted team supports is no secret; the cases about it are.
    for name, team, readers in (("item", "net", STAFF), ("item-hr", "hr", STAFF)):
        values = {
            "title": ground.canary(f"{name}-title", readers),
            "serial": ground.canary(f"{name}-serial", readers),
            "description": ground.canary(f"{name}-description", readers),
            "support_team": world.teams[team],
            "organisation": world.organisations["a"],
        }
        ground.records[name] = commands.create(shelf.type("item"), values, SETUP)


def _beside(ground: Ground) -> None:
    """What hangs on a case behind a wall, or comes from it, stands behind that wall; its callers see none of it."""
    world, number = ground.world, ground.records["hr"].number
    problem = from_incident(number, world.by("agh"))
    words = {
        name: ground.canary(f"problem-{name}", {"agh"}) for name in ("title", "cause", "workaround")
    }
    commands.change(shelf.type("problem"), problem.number, words, SETUP)
    task = {"title": ground.canary("task-title", {"agh"}), "parent": number}
    commands.create(shelf.type("task"), task, world.by("agh"))
    # Said to everybody inside, and nothing of where it comes from.
    said = {name: ground.canary(f"notice-{name}", OWN) for name in ("title", "text")}
    publish(shelf.type("incident"), number, said, world.by("agh"))


def _begun(ground: Ground) -> None:
    """What somebody is about to say is theirs alone, also where others may read all the rest."""
    incident, by = shelf.type("incident"), ground.world.by("agm")
    row = queries.one(incident, by.actor, ground.records["plain"].number, names=())
    for audience in ("all", "internal"):
        drafts.keep(incident, row, audience, ground.canary(f"draft-{audience}", {"agm"}), by)


def _incident(
    ground: Ground, name: str, caller: str, readers: Set[str], insiders: Set[str], **data: Any
) -> None:
    """An incident with something of every kind said on it, in the open and inside."""
    rtype, world = shelf.type("incident"), ground.world
    values = {
        "title": ground.canary(f"{name}-title", readers),
        "body": ground.canary(f"{name}-body", readers),
        "category": ground.canary(f"{name}-category", readers),
        "requester": world.number(caller),
        **data,
    }
    record = ground.records[name] = commands.create(rtype, values, SETUP)
    # A private field is private to a role, on every record its holder sees.
    because = ground.canary(f"{name}-because", readers & (STAFF | {"agb"}))
    rtype.model.objects.filter(pk=record.pk).update(assigned_because=because)
    for audience, who in (("all", readers), ("internal", insiders)):
        text = ground.canary(f"{name}-{audience}-text", who)
        say(rtype, record.number, Message(audience, text), SETUP)
        file_name = ground.canary(f"{name}-{audience}-file", who)
        content = ground.canary(f"{name}-{audience}-content", who)
        ground.files[f"{name}-{audience}"] = attach(
            rtype, record.number, f"{file_name}.txt", [content.encode()], audience, SETUP
        )
    # A value of the past is as private as the record it was on.
    old = ground.canary(f"{name}-old", readers)
    commands.change(rtype, record.number, {"subcategory": old}, SETUP)
    commands.change(rtype, record.number, {"subcategory": "plain"}, SETUP)
