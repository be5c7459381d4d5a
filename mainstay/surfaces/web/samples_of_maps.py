"""Cards to choose from, chains of causes, maps and a document, as `/-/parts/` shows them: nobody's data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from mainstay.surfaces.web import ui
from mainstay.surfaces.web.chain import Chain, Link
from mainstay.surfaces.web.documents import Ask, Column, Document, Figure, Table, Verdict
from mainstay.surfaces.web.forms import Pick
from mainstay.surfaces.web.impact import Drawn, Edge, Map, Node, drawn
from mainstay.surfaces.web.samples import HERE


def samples(words: Mapping[str, str], long: str, now: datetime) -> dict[str, Any]:
    """By the names the templates of the reference know them."""
    return {
        "picks_sample": Picks,
        "chains_sample": chains(words, long),
        "impacts_sample": impacts(words, long),
        "document_sample": Documents(words, long, now),
    }


class Picks:
    """What there is to choose from as cards."""

    models = (
        Pick("x1", "ThinkPad X1 Carbon", "14″, 32 GB, 1.1 kg. For people on the move.", "In stock, Göteborg"),
        Pick("mac", "MacBook Pro 14", "36 GB. For design and development.", "5 days"),
        Pick("t16", "ThinkPad T16", "16″, 32 GB. For a fixed desk.", "In stock, Hamburg"),
    )  # fmt: skip
    held_up = (
        Pick("3", "Only me", "Others can work with it as usual."),
        Pick("2", "Several of us", "My team, or the people around me."),
        Pick("1", "A whole site, or many people", "Wherever I ask, it is the same."),
    )
    extras = (
        Pick("screen", "Second screen", "27″, with its cable.", "€240"),
        Pick("dock", "Dock", "One plug for screen, network and power.", "€180"),
        Pick("bag", "Bag", "", "€35"),
        Pick("keys", "Keyboard and mouse", "Without a cable.", "€60"),
    )
    sold_out = (models[0], replace(models[1], more="Sold out until January", is_disabled=True))

    @staticmethod
    def long(sample: Mapping[str, Any]) -> tuple[Pick, ...]:
        """As long as a catalogue may call things, and one word that cannot be broken where it ends."""
        text, name = sample["long"], sample["long_name"]
        return (Pick("1", text, text, text), Pick("2", "x" * 60, name, "x" * 60))


def chains(words: Mapping[str, str], long: str) -> list[tuple[str, Chain]]:
    """Causes of an incident, by the name of each state."""
    here = "This incident"
    problem = Link(
        "The gateway drops idle sessions", "PRB-311", HERE, word="Known error", tone="warn"
    )
    change = Link("Gateway firmware 4.2", "CHG-7752", HERE, ui.status("closed", "Done"))
    alike = [
        Link(words["title"], f"INC-{n}", HERE, ui.status("active", "In progress"))
        for n in (20482, 20490)
    ]
    solved = Link(
        "Certificate not renewed", "PRB-298", HERE, ui.status("resolved", "Resolved"), tone="ok"
    )
    endless = Link(long, "PRB-104", HERE, ui.status("waiting", long[:60]), tone="bad")
    return [
        ("Default", Chain((problem,), here)),
        (
            "By way of others",
            Chain((Link("hsm-eu-2", tone="bad"), replace(change, status=""), solved), here),
        ),
        ("Led to others", Chain((problem,), here, tuple(alike), 12, HERE)),
        (_("Empty"), Chain((), here)),
        (_("Long text"), Chain((endless, Link("x" * 80)), long, (endless,), 1_200, HERE)),
    ]


def impacts(words: Mapping[str, str], long: str) -> list[tuple[str, Drawn]]:
    """Maps of what depends on what, by the name of each state."""

    def node(
        key: str, kind: str, icon: str, health: str = "ok", note: str = "", **more: Any
    ) -> Node:
        state = {"ok": "Healthy", "watch": "At risk", "act": "Down"}.get(health, "")
        return Node(key, key, kind, icon, HERE, health, state, note, **more)

    shop = node("Checkout & payments", "Service", "store", "act")
    tills = node("Point of sale", "Service", "store", "watch", "Tills on fallback")
    erp = node("ERP", "Service", "store")
    gateway = node("payment-gateway", "Application", "boxes", "act", "TLS errors")
    module = node("hsm-eu-2", "Hardware", "cpu", "act", "Certificate", is_selected=True)
    base = node("pay-db-01", "Database", "rows", "watch", "Disk 91 %")
    wires = node("fw-core-ham", "Network", "link")
    uses, runs = ("uses", ""), ("runs on", "dashed")
    hot = (
        Edge(shop.key, gateway.key, *uses, is_hot=True),
        Edge(tills.key, gateway.key, *uses, is_hot=True),
        Edge(gateway.key, module.key, *uses, is_hot=True),
    )
    rest = (Edge(erp.key, base.key, *runs), Edge(gateway.key, base.key, *runs))
    quiet = tuple(replace(each, is_dimmed=True) for each in rest)
    far = Edge(tills.key, wires.key, "is connected to", "dotted")
    circle = (Edge("a", "b"), Edge("b", "c"), Edge("a", "c"), Edge("c", "a"))
    letters = tuple(node(key, "Application", "boxes", "") for key in "abc")
    alone = node("notify-worker", "Application", "boxes", "")
    here = Node(
        "title", words["title"], words["name"], "boxes", HERE, "watch", "At risk", behind=12
    )
    endless = Node("long", long, long, "boxes", HERE, "act", long, long, behind=12_000)
    told = {
        "Default": Map(
            "What depends on hsm-eu-2",
            (shop, tills, gateway, replace(module, is_selected=False)),
            hot,
        ),
        "Kinds of edge": Map(
            "What the shops need",
            (shop, gateway, erp, base, tills, wires),
            (replace(hot[0], is_hot=False), rest[0], far),
        ),
        _("Selected"): Map("What hsm-eu-2 is needed by", (gateway, module), hot[2:]),
        "Dimmed": Map(
            "What is hit",
            (shop, gateway, *(replace(n, is_dimmed=True) for n in (erp, base))),
            (hot[0], *quiet),
        ),
        "More behind it": Map(
            "What is known of it", (replace(shop, behind=3), here), (Edge(shop.key, "title"),)
        ),
        "In a circle, and apart": Map("What needs itself", (*letters, tills, alone), circle),
        "Only read": Map("What one may not open", (replace(gateway, href=""),)),
        _("Empty"): Map("Nothing", ()),
        _("Long text"): Map(
            long,
            (endless, replace(endless, key="x", title="W" * 80, behind=0)),
            (Edge("long", "x", long),),
        ),
    }
    return [(name, drawn(each)) for name, each in told.items()]


class Documents:
    """A review of a month, in the lengths it may have."""

    table = Table(
        "Availability by service",
        (Column("Service"), Column("Outages", is_number=True, is_extra=True), Column("Measured", is_number=True),
         Column("Target", is_number=True, is_extra=True), Column("Result")),
        (
            ("Checkout & payments", "3", "99.41 %", "99.95 %", Verdict("Missed", "bad", "x")),
            ("Customer portal", "1", "99.96 %", "99.90 %", Verdict("Met", "ok", "check")),
            ("Warehouse management", "4", "99.82 %", "99.90 %", Verdict("Missed", "bad", "x")),
            ("Network & VPN", "0", "99.94 %", "99.90 %", Verdict("Met", "ok", "check")),
        ),
    )  # fmt: skip

    def __init__(self, words: Mapping[str, str], long: str, now: datetime) -> None:
        last = now.date()
        self.usual = Document(
            title="Service review",
            lede="Eleven of fourteen services met their target. One payment outage cost 42 minutes on the busiest "
            "channel; its cause is known and the fix is under way.",
            about="Nordhaven Group IT",
            first=last - timedelta(days=29),
            last=last,
            made_by=words["name"],
            made_at=now,
            figures=(
                Figure("Services on target", "11", "of 14"),
                Figure("Incidents resolved", "842"),
                Figure("Changes succeeded", "96.8", "%"),
                Figure("Satisfaction", "4.6", "of 5"),
            ),
            asks=(
                Ask("Move CHG-7745 out of the freeze.", last + timedelta(days=3), HERE),
                Ask(
                    "Fund a second certificate authority, so that one expiry cannot stop payments again."
                ),
            ),
        )
        self.empty = replace(self.usual, lede="", figures=(), asks=())
        self.short = replace(self.usual, figures=self.usual.figures[:2], asks=())
        self.endless = replace(
            self.usual, title=long, lede=long * 2, about=long, made_by=long,
            figures=(Figure(long, "1 234 567 890", long), Figure("x" * 40, "9" * 30)), asks=(Ask(long, last, HERE),),
        )  # fmt: skip
        self.long_table = Table(
            long, (Column(long), Column("x" * 30, is_number=True), Column("Result")),
            ((long, "9" * 30, Verdict(long, "bad", "x")),),
        )  # fmt: skip
