"""What one does in a list: groups, plain words, the preview, changes in place, and the table for a spreadsheet."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import translation
from markupsafe import escape

import mainstay
from mainstay.pure.conditions import text_of
from mainstay.pure.rules import SYSTEM, Actor
from mainstay.records import commands, queries, where
from mainstay.records import grouped as in_groups
from mainstay.records.errors import Invalid
from mainstay.records.models import Event
from mainstay.records.types import shelf
from mainstay.surfaces.web import addresses, plain, queue, tables, tabs
from mainstay.surfaces.web.export import FORMULA, UNSEEN, safe, table
from mainstay.surfaces.web.formats import say
from tests.surfaces.web.conftest import Browse
from tests.surfaces.web.test_languages import speaks
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")
HERE = "http://testserver/incidents/"


def fragment(client: Client, url: str, target: str, here: str = HERE, **form: Any) -> Any:
    headers = {"HX-Request": "true", "HX-Target": target, "HX-Current-URL": here}
    return client.post(url, form, headers=headers) if form else client.get(url, headers=headers)


def typed_in(client: Client, words: str) -> Any:
    """What comes of words in the filter box, at the address they lead to."""
    answer = client.get("/incidents/", {"view": "all", "filter": words})
    assert answer.status_code == 303
    return client.get(answer["Location"])


def grouped(
    world: World, group: str, size: int, order: str = ""
) -> list[tuple[Any, int, list[str]]]:
    """All pages of a list in groups: of each group its value, its count and its rows."""
    found: list[tuple[Any, int, list[str]]] = []
    after: str | None = None
    while True:
        page = in_groups.page(
            incident, world.actor("agn"), group, order=order, after=after, size=size
        )
        for one, rows in page.groups:
            value = one.value["title"] if isinstance(one.value, dict) else one.value
            numbers = [row["number"] for row in rows]
            if found and found[-1][0] == value:
                found[-1][2].extend(numbers)
            else:
                found.append((value, one.count, numbers))
        after = page.next
        if after is None:
            return found


@pytest.mark.parametrize("size", [1, 2, 3, 50])
@pytest.mark.parametrize("group", ["team", "assignee", "state", "priority", "channel", "impact"])
def test_groups_hold_every_record_once_over_all_pages(world: World, group: str, size: int) -> None:
    teams = [world.teams["net"], world.teams["desk"], None]
    for n in range(7):
        more = {"impact": n % 3 + 1, "urgency": 2, "channel": "phone" if n % 2 else ""}
        made = world.incident("agn", requester=world.number("ra1"), team=teams[n % 3], **more)
        if n == 3:
            commands.move(incident, made.number, "start", {}, SETUP)
    world.hidden_incident()
    found = grouped(world, group, size)
    every = [number for _value, _count, numbers in found for number in numbers]
    listed = queries.page(incident, world.actor("agn"), size=50).items
    assert len(every) == len(set(every)) == len(listed)
    assert set(every) == {row["number"] for row in listed}
    assert all(count == len(numbers) for _value, count, numbers in found)
    values = [value for value, _count, _numbers in found]
    assert len(values) == len(set(values))
    if None in values:
        assert values[-1] is None
    for _value, _count, numbers in found:
        assert numbers == [r["number"] for r in listed if r["number"] in numbers]


def walked(read: Callable[..., queries.Page]) -> list[list[str]]:
    """The pages of a list from its first to its last, as numbers; each is found again on the way back."""
    pages, found = list[list[str]](), read()
    assert found.previous is None
    while True:
        pages.append([row["number"] for row in found.items])
        if found.next is None:
            break
        found = read(after=found.next)
    for page in pages[-2::-1]:
        assert found.previous is not None
        found = read(before=found.previous)
        assert [row["number"] for row in found.items] == page
        assert found.next is not None
    assert found.previous is None
    return pages


@pytest.mark.parametrize("order", incident.orders)
def test_the_page_before_is_the_one_one_came_from(world: World, order: str) -> None:
    for n in range(7):
        made = world.incident("agn", title=f"One of {n % 3}", urgency=n % 3 + 1)
        if n == 3:
            incident.model.objects.filter(number=made.number).update(priority=None)
    actor = world.actor("agn")
    whole = [row["number"] for row in queries.page(incident, actor, order=order).items]
    for size in (1, 2, 3, 7):
        pages = walked(partial(queries.page, incident, actor, order=order, size=size))
        assert [number for page in pages for number in page] == whole


def test_numbers_are_in_the_order_people_count(world: World) -> None:
    made = [world.incident().number for _ in range(12)]
    for n, number in zip(
        (1, 2, 9, 10, 11, 99, 100, 101, 1000, 1001, 9999, 10000), made, strict=True
    ):
        incident.model.objects.filter(number=number).update(number=f"INC-{n}90")
    actor = world.actor("agn")
    for order, way in (("number", 1), ("-number", -1)):
        found = [
            number
            for page in walked(partial(queries.page, incident, actor, order=order, size=5))
            for number in page
        ]
        digits = [int(number.partition("-")[2]) for number in found]
        assert digits == sorted(digits)[::way] and len(digits) == 12


@pytest.mark.parametrize("name", ["priority", "number", "updated_at"])
def test_the_head_of_a_column_orders_and_turns_the_order_round(
    world: World, browse: Browse, name: str
) -> None:
    world.incident()
    client, address = browse("agn"), "/incidents/?view=all"
    seen = []
    for _ in range(3):
        page = client.get(address).content.decode()
        head = re.search(
            rf'<th class="c-(?:{name}|time)[^>]*?(?:aria-sort="(\w+)")?><a href="([^"]*)"', page
        )
        assert head
        address = unescape(head[2])
        seen.append(head[1])
        assert f"order={name}" in address or f"order=-{name}" in address
    assert set(seen[1:]) == {"ascending", "descending"}


@pytest.mark.parametrize("group", ["team", "assignee", "state", "priority", "channel", "impact"])
def test_so_it_is_in_groups(world: World, group: str) -> None:
    teams = [world.teams["net"], world.teams["desk"], None]
    for n in range(7):
        more = {"impact": n % 3 + 1, "urgency": 2, "channel": "phone" if n % 2 else ""}
        world.incident("agn", requester=world.number("ra1"), team=teams[n % 3], **more)
    actor = world.actor("agn")
    for size in (1, 2, 3, 4):
        pages = walked(partial(in_groups.page, incident, actor, group, size=size))
        every = [number for _value, _count, rows in grouped(world, group, size) for number in rows]
        assert [number for page in pages for number in page] == every


def test_a_list_leads_to_the_page_before(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "SIZE", 2)
    numbers = [world.incident(title=f"Number {n}").number for n in range(5)]
    client = browse("agn")

    def page_at(address: str) -> tuple[list[str], dict[str, str]]:
        text = client.get(address).content.decode()
        foot = text.partition('class="q-foot"')[2]
        ways = re.findall(
            r'<a class="btn[^"]*"(?: rel="\w+")? href="([^"]*)">(?:<svg.*?</svg>)?([\w ]+)', foot
        )
        rows = re.findall(r'<tr id="([^"]+)"', text)
        return rows, {word: unescape(url) for url, word in ways}

    first, ways = page_at("/incidents/?view=all&order=created_at")
    assert (first, set(ways)) == (numbers[:2], {"Next page"})
    second, ways = page_at(ways["Next page"])
    assert (second, set(ways)) == (
        numbers[2:4],
        {"Back to the start", "Previous page", "Next page"},
    )
    last, there = page_at(ways["Next page"])
    assert (last, set(there)) == (numbers[4:], {"Back to the start", "Previous page"})
    assert page_at(there["Previous page"])[0] == second
    assert page_at(ways["Previous page"])[0] == first
    # What came before meanwhile leaves no page with less than it could have: it is the first one.
    for number in numbers[:1]:
        commands.remove(incident, number, SETUP)
    assert page_at(ways["Previous page"])[0] == numbers[1:3]
    assert client.get("/incidents/?before=AAAA").status_code == 422


def test_a_record_at_the_edge_of_a_page_is_told_the_next(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "SIZE", 2)
    paths = [f"/incidents/{world.incident(title=f'Number {n}').number}/" for n in range(5)]
    hidden = world.hidden_incident()
    client = browse("agn")

    def told(address: str) -> dict[str, Any]:
        found: dict[str, Any] = fragment(client, address, "ms-neighbours#neighbours").json()
        return found

    first = told("/incidents/?view=all&order=created_at")
    assert (first["records"], first["prev"]) == (paths[:2], None)
    second = told(first["next"])
    assert second["records"] == paths[2:4]
    assert second["address"] == first["next"]
    last = told(second["next"])
    assert (last["records"], last["next"]) == (paths[4:], None)
    assert hidden.number not in str([first, second, last])
    assert told(last["prev"])["records"] == second["records"]
    assert (
        fragment(
            client, "/incidents/?filter=nothing+%3D%3D+1", "ms-neighbours#neighbours"
        ).status_code
        == 422
    )


def test_no_cursor_of_another_list_goes_on_with_this_one(world: World) -> None:
    for _ in range(3):
        world.incident()
    actor = world.actor("agn")
    plain = queries.page(incident, actor, size=1).next
    by_team = in_groups.page(incident, actor, "team", size=1).next
    for cursor in (plain, "x", "W10", by_team):
        with pytest.raises(Invalid):
            in_groups.page(incident, actor, "state", after=cursor)
        with pytest.raises(Invalid):
            in_groups.page(incident, actor, "state", before=cursor)
    with pytest.raises(Invalid):
        queries.page(incident, actor, after=by_team)
    with pytest.raises(Invalid):
        in_groups.page(incident, actor, "title")


def test_what_may_not_be_read_makes_no_group(world: World, browse: Browse) -> None:
    world.hidden_incident()
    shown = browse("agn").get("/incidents/?view=all&group=team").content.decode()
    assert "HR cases" not in shown
    assert "HR cases" in browse("agh").get("/incidents/?view=all&group=team").content.decode()
    # A caller knows of no item: there is no such group for them, as there is no such column.
    own = browse("ra1").get("/incidents/?view=all&group=item")
    assert 'scope="rowgroup"' not in own.content.decode()


def test_a_group_has_a_head_with_the_count_of_all(world: World, browse: Browse) -> None:
    for _ in range(3):
        world.incident("agn", requester=world.number("ra1"), team=world.teams["net"])
    shown = browse("agn").get("/incidents/?view=all&group=team&density=compact").content.decode()
    head = re.search(r'<tr class="g-h"><th scope="rowgroup">(.*?)</th>', shown)
    assert head and "Network" in head[1] and ">3<" in head[1]
    assert 'class="grid compact"' in shown
    assert "group=team" in shown and "density=compact" in shown


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("printer gdansk", 'title.contains("printer") && title.contains("gdansk")'),
        ("12", 'number == "INC-12"'),
        ("Person agn", 'requester == "{agn}" || assignee == "{agn}"'),
        ("AGN", 'title.contains("AGN") || requester == "{agn}" || assignee == "{agn}"'),
        ("who's there", 'title.contains("who\'s") && title.contains("there")'),
    ],
)
def test_plain_words_are_understood(world: World, browse: Browse, typed: str, meant: str) -> None:
    client = browse("agn")
    answer = typed_in(client, typed)
    meant = meant.format(agn=world.number("agn"))
    assert answer.status_code == 200
    assert str(escape(meant)) in answer.content.decode()
    assert 'class="chip"' in answer.content.decode()
    same = fragment(client, f"/incidents/?filter={typed}", "div#queue")
    assert same.status_code == 200 and "filter=" in same["HX-Push-Url"]


def test_words_find_what_is_written_otherwise(world: World, browse: Browse) -> None:
    world.incident(title="Printer in Gdańsk jams")
    shown = typed_in(browse("agn"), "gdansk printer")
    assert "Printer in Gdańsk jams" in shown.content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        "priorty < 3",
        "is_opn",
        'title.contains("a"',
        'title.contain("a")',
        "team in teams",
        'state in ["new"',
        "state = new",
        "priority <= 2 && asignee == me",
    ],
)
def test_a_condition_with_a_mistake_is_none_the_less_one(browse: Browse, typed: str) -> None:
    answer = browse("agn").get("/incidents/", {"filter": typed})
    assert answer.status_code == 422
    assert 'id="filter-error"' in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("Auditors have no internet in room 4.03", "Auditors have no Internet in room 4.03"),
        ("printer in Malmö", "Printer in Malmö jams"),
        ("Drucker in Malmö", "Drucker in Malmö klemmt"),
        ("wifi in hall", "Wi-Fi gone in hall 2"),
        ("Q&A", "Q&A page is empty"),
        ("VPN!", "VPN is gone"),
        ('"vpn"', "VPN is gone"),
        ("„Sales portal“, empty?", "Sales portal is empty"),
        ("printer(s) [hall]", "All printer(s) in the hall"),
        ("service in hall 4 is down", "Hall 4: service is down in part"),
        ("item in a box", "An item in a box"),
        ("it's 'gone'", "It's all gone"),
        ("log_level", "The log_level is wrong"),
        ("http://wiki.example/a", "http://wiki.example/a is gone"),
    ],
)
def test_a_sentence_is_no_condition(world: World, browse: Browse, typed: str, title: str) -> None:
    meant = world.incident(title=title).number
    other = world.incident(title="Else", service=world.services["mail"]).number
    shown = typed_in(browse("agn"), typed).content.decode()
    assert f'<tr id="{meant}"' in shown and f'<tr id="{other}"' not in shown


def test_words_find_what_a_row_shows_beside_its_title(world: World, browse: Browse) -> None:
    team, agn = world.teams["net"], world.number("agn")
    meant = world.incident("agn", title="No tunnel", team=team, assignee=agn).number
    mail = world.incident(title="VPN and Network", service=world.services["mail"]).number
    other = world.incident(title="No mail", service=world.services["mail"]).number
    for typed, found in (
        ("vpn agn", [meant]),
        ("network AGN", [meant]),
        ("vpn network", [meant, mail]),
        ("vpn tunnel", [meant]),
        ("vpn", [meant, mail]),
        ("email", [mail, other]),
        ("E-Mail", [mail, other]),
        ("vpn agn network drops", []),
    ):
        shown = typed_in(browse("agn"), typed).content.decode()
        rows = [n for n in (meant, mail, other) if f'<tr id="{n}"' in shown]
        assert rows == found, typed


def test_words_find_the_label_of_a_choice_the_row_shows(world: World, browse: Browse) -> None:
    high = world.incident("agn", title="No tunnel", impact=1, urgency=2).number
    new = world.incident("agn", title="A new phone, high up on hold", impact=3, urgency=3).number
    held = world.incident("agn", title="It waits", impact=3, urgency=3).number
    commands.move(incident, new, "start", {"assignee": world.number("agn")}, world.by("agn"))
    commands.move(incident, held, "hold", {"waiting_for": "vendor"}, world.by("agn"))
    for typed, found in (
        ("on hold", [new, held]),
        ("ON HOLD waits", [held]),
        ("new", [high, new]),
        ("P2", [high]),
        ("high", [high, new]),
        ("p2 high", [high]),
        ("high tunnel", [high]),
        ('"on hold"', [new, held]),
        ("planning", [new, held]),
        ("hold", [new]),
    ):
        shown = typed_in(browse("agn"), typed).content.decode()
        assert [n for n in (high, new, held) if f'<tr id="{n}"' in shown] == found, typed
    text = typed_in(browse("agn"), "on hold").content.decode()
    assert "state == &#34;on_hold&#34;" in text and "State is On hold" in text


def test_labels_are_those_of_the_readers_language(world: World, browse: Browse) -> None:
    number = world.incident("agn", title="No tunnel").number
    held = say(incident.lifecycle.state("on_hold").label)
    speaks(world, "agn", "de")
    commands.move(incident, number, "hold", {"waiting_for": "vendor"}, world.by("agn"))
    with translation.override("de"):
        label = say(incident.lifecycle.state("on_hold").label)
    assert label != held
    row = f'<tr id="{number}"'
    assert row in typed_in(browse("agn"), label.lower()).content.decode()
    assert row not in typed_in(browse("agn"), held).content.decode()


def test_more_words_than_a_list_of_names_are_looked_for_in_titles_alone(world: World) -> None:
    meant = plain.condition(incident, world.actor("agn"), "a b c d e on hold")
    assert meant is not None and "state" not in text_of(meant)


def test_where_nothing_is_called_so_it_says_where_was_looked(world: World, browse: Browse) -> None:
    world.incident()
    said = "Words are looked for in titles, names and states."
    assert said in typed_in(browse("agn"), "zebra").content.decode()
    none = browse("agn").get("/incidents/", {"filter": "priority == 1 && priority == 2"})
    assert said not in none.content.decode() and "Widen it" in none.content.decode()


def test_words_ask_who_and_what_is_called_so_once(
    world: World, django_assert_num_queries: Any
) -> None:
    actor = world.actor("agn")
    plain.condition(incident, actor, "vpn agn network")
    with django_assert_num_queries(1):  # a whole name, and each word of it
        plain.condition(incident, actor, "vpn agn network")


@pytest.mark.parametrize("rtype", list(shelf), ids=lambda rtype: rtype.name)
def test_words_make_a_condition_over_every_type(world: World, rtype: Any) -> None:
    """What is written for them is read again, and is never taken for words a second time."""
    for typed in ("Person agn", "vpn network agn", "12", "a sentence in words!", '"" ?'):
        actor = world.actor("agn")
        meant = plain.condition(rtype, actor, typed)
        if meant is not None:
            assert where.parse(rtype, actor, text_of(meant)) is not None
            assert plain.condition(rtype, actor, text_of(meant)) is None


def test_nobody_is_told_by_words_who_exists(world: World, browse: Browse) -> None:
    # Whom they may not see is no person to them: the words are looked for in the title.
    shown = typed_in(browse("agb"), "Person agn").content.decode()
    assert "title.contains(&#34;Person&#34;)" in shown and world.number("agn") not in shown


def test_the_preview_is_what_its_reader_may_see(world: World, browse: Browse) -> None:
    number, hidden = str(world.incident().number), str(world.hidden_incident().number)
    shown = fragment(browse("agn"), f"/incidents/?peek={number}", "div#peek")
    text = shown.content.decode()
    assert shown.status_code == 200 and "VPN drops" in text and "<table" not in text
    assert "Start work" in text
    assert fragment(browse("agn"), f"/incidents/?peek={hidden}", "div#peek").status_code == 404
    whole = browse("agn").get(f"/incidents/?peek={hidden}")
    assert whole.status_code == 200 and "payslip" not in whole.content.decode()
    assert "data-number" in browse("agn").get(f"/incidents/?peek={number}").content.decode()
    auditor = fragment(browse("aud"), f"/incidents/?peek={number}", "div#peek")
    assert "Start work" not in auditor.content.decode()
    assert fragment(Client(), f"/incidents/?peek={number}", "div#peek").status_code == 401


def test_yes_and_no_are_chosen_in_place(world: World, browse: Browse) -> None:
    data = {"title": "It leaks", "is_major": True}
    number = commands.create(shelf.type("problem"), data, world.by("agn")).number
    menu = fragment(browse("agn"), f"/problems/{number}/set/is_major/", "div#menu-is_major")
    told = menu.content.decode()
    assert menu.status_code == 200 and told.count("aria-current") == 1
    assert 'value="true" aria-current="true"' in told


def test_a_change_in_a_list_draws_its_row_anew(world: World, browse: Browse) -> None:
    number = str(world.incident().number)
    client, here = browse("agn"), f"{HERE}?columns=number,title,category"
    menu = fragment(client, f"/incidents/{number}/set/category/", "div#menu-row", here)
    assert f'hx-target="#{number}"' in menu.content.decode()
    set_it = {"value": "Printers", "seen": "1"}
    answer = fragment(client, f"/incidents/{number}/set/category/", f"tr#{number}", here, **set_it)
    row = answer.content.decode()
    assert answer.status_code == 200
    assert row.startswith(f'<tr id="{number}">') and "Printers" in row and row.count("<tr") == 1
    assert "updated" in json.loads(answer["HX-Trigger"])["toast"]["text"]
    moved = fragment(client, f"/incidents/{number}/move/start/", f"tr#{number}", here, x="1")
    assert moved.status_code == 200 and moved.content.decode().startswith("<tr")
    beside = fragment(
        client, f"/incidents/{number}/set/category/", "div#peek", f"{HERE}?peek={number}",
        value="Network",
    )  # fmt: skip
    assert "data-number" in beside.content.decode()
    assert json.loads(beside["HX-Trigger"])["changed-row"]["number"] == number
    assert queries.one(incident, SETUP.actor, number)["category"] == "Network"


def test_a_row_that_is_looked_for_anew_goes_when_it_is_not_there(
    world: World, browse: Browse
) -> None:
    number, agent = str(world.incident().number), browse("agn")
    assert f'<tr id="{number}">' in fragment(agent, HERE, f"tr#{number}").content.decode()
    commands.remove(incident, number, SETUP)
    for absent in (number, "INC-999999"):
        answer = fragment(agent, HERE, f"tr#{absent}")
        assert (answer["HX-Reswap"], answer.content) == ("delete", b"")


@pytest.mark.parametrize("who", ["ra1", "aud", "agb"])
def test_a_refused_change_in_a_list_writes_nothing(world: World, browse: Browse, who: str) -> None:
    number, before = str(world.incident().number), Event.objects.count()
    answer = fragment(
        browse(who), f"/incidents/{number}/set/category/", f"tr#{number}", value="Printers"
    )
    assert answer.status_code in (403, 404)
    assert answer["HX-Reswap"] == "none" and "toast" in json.loads(answer["HX-Trigger"])
    assert Event.objects.count() == before


def test_a_menu_offers_what_may_be_done_with_its_row(world: World, browse: Browse) -> None:
    number = str(world.incident().number)

    def menu(who: str, name: str) -> str:
        return fragment(
            browse(who), f"/incidents/{number}/menu/{name}/", "div#menu-row"
        ).content.decode()

    assert "Category" in menu("agn", "fields") and "Start work" in menu("agn", "moves")
    weights = menu("agn", "weights")
    assert "Impact" in weights and "Urgency" in weights and "Category" not in weights
    assert "Nothing can be changed" in menu("aud", "fields")
    assert "Start work" not in menu("aud", "moves")
    assert browse("agn").get(f"/incidents/{number}/menu/other/").status_code == 404


def sheet(client: Client, query: str = "view=all") -> list[list[str]]:
    answer = client.get(f"/incidents/export.csv?{query}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


FORMULAS = [
    "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "＝1", '";=1', '=HYPERLINK("http://x")', "＋1", "－1", "＠x",
]  # fmt: skip


@pytest.mark.attack("H01")
@pytest.mark.parametrize("title", FORMULAS)
def test_a_cell_is_never_a_formula(world: World, browse: Browse, title: str) -> None:
    made = world.incident(title=title)
    commands.change(incident, made.number, {"category": title}, SETUP)
    heads, row = sheet(browse("agn"), "view=all&columns=number,title,category")
    shown = title.replace('";=', "\";'=") if title.startswith('"') else f"'{title}"
    assert row == [made.number, shown, shown]
    assert heads == ["Number", "Title", "Category"]


@pytest.mark.attack("H01")
def test_what_begins_with_a_blank_a_tab_or_a_line_is_no_formula_either() -> None:
    for text in ("  =1", "=1"):
        assert safe(text).replace("'", "", 1) == text and not runs(safe(text))
    for text in ("\t=1", "\r=1", "\n=1"):
        assert safe(text) == f"'{text[0]}'=1"
    for text in (
        "",
        "1",
        "a=1",
        "Gdańsk",
        "VPN - no way in",
        "a\r\nb",
        "2 + 2 = 4; so what",
        "x\ty, z",
    ):
        assert safe(text) == text


@pytest.mark.attack("H01")
def test_nothing_that_draws_nothing_hides_a_formula() -> None:
    """Whatever stands before it: every sign there is of those kinds, and those of other kinds that have no shape."""
    unseen = [
        sign
        for sign in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(sign) in ("Cf", "Cc", "Zs", "Zl", "Zp") and sign not in "\t\r\n"
    ]
    assert len(unseen) > 200
    for sign in (*unseen, *"\u034f\u115f\u1160\u2800\u3164\ufe0f\uffa0\U000e0100"):
        assert safe(f"{sign}=1+1") == f"{sign}'=1+1", hex(ord(sign))
        assert safe(f"x;{sign}=1") == f"x;{sign}'=1", hex(ord(sign))
    assert safe("\u2060\u202a@SUM(1)") == "\u2060\u202a'@SUM(1)"


# As docs/guides/a-queue.md tells whoever reads a file back.
WRITTEN = re.compile(rf"""((?:\A|(?>\r\n|[,;|\t\r\n"]))[{UNSEEN}]*'*)'(?=[{FORMULA}])""")


@pytest.mark.attack("H01")
def test_what_was_written_is_read_back_out_of_it() -> None:
    """A mark of ours is told from one that stood there: no two texts come out the same."""
    assert safe("=1+1") == "'=1+1" and safe("'=1+1") == "''=1+1"
    signs, seen = ("'", "=", ";", '"', "\t", "\r", "\n", " ", "\u202e", "x"), {}
    for length in range(6):
        for text in map("".join, itertools.product(signs, repeat=length)):
            made = safe(text)
            assert seen.setdefault(made, text) == text, (text, made)
            assert WRITTEN.sub(r"\1", made) == text, (text, made)
    for text in ("it's = so", "'quoted'", "'", "Gdańsk's"):
        assert safe(text) == text


PARTS = (",", ";", "\t", "|", '"', "\n", "\r", "\r\n")
BLANKS = ("", " ", "  ", "\u00a0", "\u3000", "\ufeff", '"', '""', ' " ', "\t", '";"')
SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "\t", "\r")
RUNS = re.compile(r"\A[\s\ufeff\"]*[=+\-@＝＋－＠﹦]|\A[\t\r]")


def runs(cell: str) -> bool:
    """As a spreadsheet sees it, which throws away what is blank before a formula."""
    return bool(RUNS.match(cell))


@pytest.mark.attack("H01", "H02")
@pytest.mark.parametrize("part", PARTS)
def test_no_sign_that_parts_cells_makes_a_formula_of_a_part_of_one(part: str) -> None:
    """A spreadsheet in German parts a file at each semicolon, one in another country elsewhere."""
    for blank, sign, before in itertools.product(BLANKS, SIGNS, ("x", "", '"', "a,b", 'say "so"')):
        value = f"{before}{part}{blank}{sign}1+1"
        text = table([["INC-1", value, value], [value, "INC-1", "x"]])
        assert next(csv.reader(io.StringIO(text, newline="")))[1] == safe(value)
        for by, quoting, skips in itertools.product(
            ",;\t|", (csv.QUOTE_MINIMAL, csv.QUOTE_NONE), (False, True)
        ):
            how: Any = {"delimiter": by, "quoting": quoting, "skipinitialspace": skips}
            for lines in (io.StringIO(text, newline=""), re.split(r"[\r\n]+", text)):
                cells = [cell for row in csv.reader(lines, **how) for cell in row]
                assert not any(map(runs, cells)), (value, how)
        assert not any(map(runs, re.split(r"""[,;|\t\r\n"']+""", text.replace("'", "x")))), value


def test_only_one_piece_writes_tables() -> None:
    """What makes cells safe stands there alone."""
    root = Path(mainstay.__file__).parent
    found = [
        f.name for f in root.rglob("*.py") if re.search(r"csv\.(Dict)?[wW]riter", f.read_text())
    ]
    assert found == ["export.py"]


@pytest.mark.attack("H02")
def test_a_cell_never_breaks_its_row(world: World, browse: Browse) -> None:
    value = 'a","=1+1","b'
    world.incident(title=value)
    world.incident(title="1;2,3\t4")
    rows = sheet(browse("agn"))
    assert len(rows) == 3
    assert len({len(row) for row in rows}) == 1
    assert value.replace("=", "'=") in [row[rows[0].index("Title")] for row in rows[1:]]


@pytest.mark.attack("D01")
@pytest.mark.parametrize("who", ["ra1", "ra2", "rb1", "agn", "agh", "agb", "aud", "ven", "adm"])
def test_a_table_holds_what_its_list_shows(world: World, browse: Browse, who: str) -> None:
    for _ in range(3):
        world.incident()
    world.hidden_incident()
    for query in (
        "view=all",
        "view=all&group=state",
        "view=all&filter=priority+<+9&order=created_at",
    ):
        heads, *rows = sheet(browse(who), query)
        # The part alone: a whole page leads who has no desk to the portal.
        part = {"HX-Request": "true", "HX-Target": "div#queue"}
        shown = browse(who).get(f"/incidents/?{query}", headers=part).content.decode()
        listed = re.findall(r'<tr id="(INC-\d+)">', shown)
        assert [row[heads.index("Number")] for row in rows] == listed


def test_a_table_holds_all_pages_and_not_the_one_looked_at(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [str(world.incident().number) for _ in range(7)]
    monkeypatch.setattr(queries, "MOST", 3)
    for group in ("", "&group=team"):
        heads, *rows = sheet(browse("agn"), f"view=all&order=created_at{group}")
        assert [row[heads.index("Number")] for row in rows] == numbers


def test_a_page_with_more_columns_has_fewer_rows(browse: Browse) -> None:
    """And never none: each type can be shown with all it has."""
    state = addresses.state_of(incident, QueryDict("view=all"), Actor(id=None))
    assert queue.size(state) == queue.SIZE
    sizes = [queue.size(replace(state, columns=("title",) * n)) for n in range(1, 41)]
    assert sizes[:8] == [queue.SIZE] * 8
    assert sizes == sorted(sizes, reverse=True) and sizes[27] == 18
    most = max(len(tables.choosable(rtype, SYSTEM)) for rtype in shelf)
    assert sizes[most - 1] >= 15


def test_no_table_comes_of_a_wrong_filter_or_to_a_stranger(browse: Browse) -> None:
    assert browse("agn").get("/incidents/export.csv?filter=priorty+<+3").status_code == 422
    assert Client().get("/incidents/export.csv").status_code == 303
    assert browse("agn").get("/nothing/export.csv").status_code == 404


def test_plain_words_find_what_is_written_with_a_hyphen(world: World, browse: Browse) -> None:
    made, other = world.incident(title="Guest Wi-Fi page is empty").number, world.incident().number
    for words in ("wifi", "guest WI-FI", "Wi-fi guest"):
        shown = typed_in(browse("agn"), words).content.decode()
        assert f'<tr id="{made}"' in shown and f'<tr id="{other}"' not in shown


def test_a_count_that_gave_up_says_no_less_than_the_page_shows(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [world.incident(title=f"Tunnel {n}").number for n in range(4)]
    monkeypatch.setattr(tabs, "WALK", 1)
    client = browse("agn")

    def foot(**asked: str) -> str:
        shown = client.get("/incidents/", {"view": "all"} | asked).content.decode()
        found = re.search(r'role="status">([^<]*)<', shown)
        assert found is not None
        return found[1]

    # All are shown: there are no more.
    assert foot(filter=str(numbers[0])) == "1 of 1"
    assert foot(filter='title.contains("tunnel")') == "4 of 4"
    monkeypatch.setattr(queue, "SIZE", 3)
    # Another page follows: there are more.
    assert foot(filter='title.contains("tunnel")') == "3 of 3+"
