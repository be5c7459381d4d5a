"""A page that is read from top to bottom: what stands where, and what is said where something is missing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from markupsafe import Markup

from mainstay.surfaces.web import jinja
from mainstay.surfaces.web.documents import Ask, Column, Document, Figure, Table, Verdict
from mainstay.surfaces.web.formats import read_by

MONTH = Document(
    title="Service review",
    lede="All but three met their target.",
    about="Nordhaven Group IT",
    first=date(2025, 11, 1),
    last=date(2025, 11, 30),
    made_by="Priya Raman",
    made_at=datetime(2025, 12, 1, 8, 30, tzinfo=UTC),
    figures=(Figure("Services on target", "11", "of 14"), Figure("Resolved", "842")),
    asks=(Ask("Decide on the freeze", date(2025, 12, 3), "/changes/CHG-1/"), Ask("Read it")),
)
TABLE = Table(
    "Availability",
    (Column("Service"), Column("Measured", is_number=True, is_extra=True), Column("Result")),
    (
        ("Shop & till", "99.41 %", Verdict("Missed", "bad", "x")),
        ("VPN", "100 %", Markup("<b>Met</b>")),
    ),
)


def drawn(macro: str, *given: Any, within: str = "", **more: Any) -> str:
    document: Any = jinja.environment().globals["document"]
    caller = {"caller": lambda: Markup(within)} if within else {}
    with read_by("en", UTC):
        return str(getattr(document, macro)(*given, **more, **caller))


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def test_it_is_read_from_its_head_to_who_made_it() -> None:
    text = words(drawn("whole", MONTH, within="<p>The sections</p>"))
    assert text == (
        "Nordhaven Group IT · Sat 1 Nov 2025 to Sun 30 Nov 2025 Service review All but three met their target. "
        "Services on target 11 of 14 Resolved 842 The sections What we ask of you "
        "Until Wed 3 Dec 2025: Decide on the freeze Read it Made by Priya Raman, 08:30, Mon 1 Dec 2025"
    )


def test_headings_go_down_by_one_from_wherever_it_stands() -> None:
    for level in (1, 4):
        page = drawn(
            "whole",
            MONTH,
            "it",
            level,
            within=drawn("section", "A", "a", level + 1, within="<p>x</p>"),
        )
        heads = re.findall(r'<h(\d) class="[^"]+" id="([^"]+)"', page)
        assert heads == [(str(level), "it"), (str(level + 1), "a"), (str(level + 1), "it-asks")]
        assert re.findall(r'aria-labelledby="([^"]+)"', page) == ["it"]


def test_what_there_is_none_of_takes_no_room() -> None:
    bare = drawn("whole", replace(MONTH, lede="", figures=(), asks=()), within="<p>x</p>")
    for gone in ("<dl", 'class="lede"', "What we ask of you", "<ol"):
        assert gone not in bare


def test_a_section_says_what_it_lacks_instead() -> None:
    failed = drawn("section", "Satisfaction", "s", trouble="Not counted yet.", within="<p>4.6</p>")
    assert 'class="err"' in failed and "Not counted yet." in failed and "4.6" not in failed
    none = drawn("section", "Satisfaction", "s", nothing="Nobody answered.", within="<p>4.6</p>")
    assert "Nobody answered." in none and 'class="err"' not in none and "4.6" not in none


def test_a_table_names_its_rows_and_judges_in_words() -> None:
    table = drawn("table", TABLE)
    assert "<thead>" in table and table.count('scope="col"') == 3
    assert re.findall(r'<th scope="row" dir="auto">([^<]+)', table) == ["Shop &amp; till", "VPN"]
    assert '<td class="num extra"><bdi dir="ltr">99.41 %</bdi></td>' in table
    assert '<span class="tag bad">' in table and "Missed" in words(table)
    assert "<b>Met</b>" in table, "what is drawn already stays as it is"
    assert "<td>" in table, "a column of its own kind has no class"


def test_an_ask_leads_to_where_it_is_done() -> None:
    asks = drawn("asks", MONTH.asks)
    assert asks.count("<a ") == 1 and 'href="/changes/CHG-1/"' in asks
    assert asks.count("<li>") == 2
