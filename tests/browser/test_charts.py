"""Charts as a browser draws them: mirrored from the right, told apart without colours, and links where they lead."""

from __future__ import annotations

import pytest

from tests.browser.conftest import SignIn
from tests.browser.reference import group

FLOW = "#c-flow-chart .ground .plot-d"
# Where the newest day stands, the oldest, and the figures beside the end, of the first chart of the page.
PLACES = """(chart) => {
    const at = (kind, n) => document.querySelector(chart).querySelectorAll(kind)[n].getBoundingClientRect()
    const all = document.querySelector(chart).getBoundingClientRect()
    const text = at(".ch-n", 0)
    return {newest: at("circle.ch-d", 0).left, oldest: at(".ch-o", 0).left,
            left: all.left, right: all.right, figure: [text.left, text.right]}
}"""
FILLS = """(kinds) => kinds.map((kind) => {
    const {fill, stroke} = getComputedStyle(document.querySelector(`.ground ${kind}`))
    return [fill, stroke]
})"""


def test_time_runs_the_other_way_from_the_right(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto(group("charts"))
    there = page.evaluate(PLACES, FLOW)
    assert there["oldest"] < there["newest"]
    assert there["figure"][0] >= there["right"]
    page.goto(group("charts", "rtl"))
    there = page.evaluate(PLACES, FLOW)
    assert there["oldest"] > there["newest"]
    assert there["figure"][1] <= there["left"]


def test_without_colours_columns_and_days_are_told_apart(sign_in: SignIn) -> None:
    page = sign_in("agent", forced_colors="active")
    page.goto(group("charts"))
    opened, resolved, fine, outage, maintenance = page.evaluate(
        FILLS, [".ch-o", ".ch-r", ".days .fine", ".days .outage", ".days .maintenance"]
    )
    # Hollow and full: an edge tells the one, its ground the other.
    assert opened[0] != resolved[0]
    assert opened[1] == resolved[0]
    assert maintenance[0] != fine[0]
    assert maintenance[1] == fine[0] == outage[0]
    heights = page.evaluate(
        "['fine', 'outage'].map((d) => +document.querySelector(`.days .${d}`).getAttribute('height'))"
    )
    assert heights[0] < heights[1]
    for where, name in (("marks", ".target-b"), ("record", ".clock")):
        page.goto(group(where))
        edge = f"getComputedStyle(document.querySelector('.ground {name}')).outlineStyle"
        assert page.evaluate(edge) == "solid", name


def test_a_gauge_leads_to_what_it_counts(sign_in: SignIn) -> None:
    """By keyboard: it is a link like any other."""
    page = sign_in("agent")
    page.goto("/")
    gauge = page.get_by_role("link", name="On hold 1 waiting for others")
    gauge.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/incidents/?**")
    assert page.locator("#queue tbody tr[id]").count() == 1


def test_the_figures_of_a_chart_are_a_table(sign_in: SignIn) -> None:
    page = sign_in("team-lead")
    page.goto("/workload/")
    table = page.get_by_role("table", name="What came and what went, by day")
    assert not table.is_visible()
    page.get_by_text("Show as table").press("Enter")
    assert table.get_by_role("row").count() == 15


# Who stands in the workload, and whether any letter of their name is cut off or its word broken.
NAMES = """() => [...document.querySelectorAll(".load .med")].map((e) => {
    const range = document.createRange()
    range.selectNodeContents(e)
    const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size
    return [e.textContent, e.scrollWidth <= e.clientWidth || getComputedStyle(e).overflow === "visible",
            lines <= e.textContent.trim().split(/\\s+/).length]
})"""


@pytest.mark.parametrize(("width", "language"), [(390, "en-GB"), (320, "en-GB"), (320, "de-DE")])
def test_names_are_whole_where_there_is_little_room(
    sign_in: SignIn, width: int, language: str
) -> None:
    of_all = sign_in("administrator")
    of_all.goto("/teams/TEAM-1/edit/")
    of_all.locator("[name=capacity]").fill("40")
    of_all.get_by_role("button", name="Save").click()
    of_all.wait_for_url("**/teams/TEAM-1/")
    page = sign_in("team-lead", locale=language, viewport={"width": width, "height": 844})
    page.goto("/workload/")
    names = page.evaluate(NAMES)
    assert "Priya Raman" in [name for name, *_how in names]
    assert [name for name, *how in names if not all(how)] == []
    # What stands beside a name is there too: who leads, and that each of them has room.
    assert page.locator(".load .tag").filter(visible=True).count() == len(names)
