"""What is found by which words, how soon, in which order, and what is counted."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from mainstay.capabilities.conversation.commands import say
from mainstay.capabilities.files.commands import attach
from mainstay.capabilities.search import asking, finding, index, queries
from mainstay.capabilities.search.finding import Narrowing
from mainstay.records import commands, delivery
from mainstay.records.errors import Invalid
from mainstay.records.types import Message, shelf
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")


def numbers(world: World, who: str, typed: str, **more: Any) -> list[str]:
    return [item.number for item in queries.search(world.actor(who), typed, **more).items]


@pytest.fixture
def desk(world: World) -> World:
    delivery.drain()
    return world


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("Žluťoučký kůň pije", "zlutoucky kun"),
        ("Zlutoucky kun pije", "ŽLUŤOUČKÝ kůň"),
        ("The Wi-Fi is slow", "wifi"),
        ("The Wi-Fi is slow", "wi-fi"),
        ("The wifi is slow", "Wi-Fi"),
        ("Printer on floor 3", "prin"),
        ("Printer on floor 3", "floor print"),
        ("Straße gesperrt", "straße"),
        ("Ærø ferry portal", "aero"),
        ("हिन्दी समस्या", "हिन्दी"),
        ("Order no. A4711/22", "4711"),
    ],
)
def test_words_in_every_spelling(desk: World, title: str, typed: str) -> None:
    if typed == "4711":
        title = title.replace("A4711", "4711")
    record = desk.incident(title=title)
    delivery.drain()
    assert record.number in numbers(desk, "agn", typed)


def test_the_last_word_is_finished_by_a_blank(desk: World) -> None:
    record = desk.incident(title="Printing is slow")
    delivery.drain()
    assert record.number in numbers(desk, "agn", "print")
    assert record.number not in numbers(desk, "agn", "print ")


def test_every_word_must_be_met_wherever_it_stands(desk: World) -> None:
    record = desk.incident(title="Drucker", body="Kaffee im Gehäuse")
    say(incident, record.number, Message("all", "Der Techniker kommt"), desk.by("agn"))
    delivery.drain()
    assert numbers(desk, "agn", "drucker kaffee techniker") == [record.number]
    assert numbers(desk, "agn", "drucker kaffee unbekanntes") == []


def test_what_is_written_is_found_and_what_is_rewritten_no_more(desk: World) -> None:
    record = desk.incident(title="Quixotic behaviour")
    assert numbers(desk, "agn", "quixotic") == []
    delivery.drain()
    assert numbers(desk, "agn", "quixotic") == [record.number]
    commands.change(incident, record.number, {"title": "Plain behaviour"}, desk.by("agn"))
    delivery.drain()
    assert numbers(desk, "agn", "quixotic") == []
    assert numbers(desk, "agn", "plain behaviour") == [record.number]


def test_indexing_twice_changes_nothing(desk: World) -> None:
    record = desk.incident(title="Quixotic behaviour")
    for _ in range(3):
        index.put([record.id, record.id])
    found = queries.search(desk.actor("agn"), "quixotic", counted=True)
    assert (found.count, found.is_exact) == (1, True)


def test_files_people_and_all_types(desk: World) -> None:
    record = desk.incident()
    attach(incident, record.number, "Gehaltszettel_März.pdf", [b"%PDF-"], "all", desk.by("ra1"))
    person = commands.create(
        shelf.type("user"),
        {"title": "Žofie Nováková", "username": "zofie", "email": "z.novakova@example.org"},
        SETUP,
    )
    delivery.drain()
    assert numbers(desk, "agn", "gehaltszettel marz") == [record.number]
    assert numbers(desk, "agn", "zofie novakova") == [person.number]
    assert person.number in numbers(desk, "agn", "z.novakova@example.org")
    assert desk.services["mail"] in numbers(desk, "ra1", "e-mail")


@pytest.mark.parametrize("spelling", ["{}", "inc {}", "INC-{}", "inc000{}"])
def test_a_number_in_any_spelling_stands_first(desk: World, spelling: str) -> None:
    record = desk.incident()
    desk.incident(title=f"As in {record.number}")
    delivery.drain()
    digits = record.number.partition("-")[2]
    found = queries.search(desk.actor("agn"), spelling.format(digits))
    if spelling == "{}":
        assert record.number in [item.number for item in found.items]
    else:
        assert found.exact is not None
        assert found.exact.number == record.number


def test_a_number_is_known_before_it_is_indexed_but_not_by_others(desk: World) -> None:
    record = desk.hidden_incident()
    assert queries.search(desk.actor("agh"), record.number).exact is not None
    found = queries.search(desk.actor("agn"), record.number)
    assert (found.exact, found.items) == (None, [])


def test_a_slip_of_the_finger_is_forgiven(desk: World) -> None:
    record = desk.incident(title="Outlook asks for the passphrase")
    delivery.drain()
    for typed in ("otulook", "passprase", "outlok passphrase"):
        found = queries.search(desk.actor("agn"), typed)
        assert [item.number for item in found.items] == [record.number], typed
        assert set(found.alike) & {"outlook", "passphrase"}
    assert numbers(desk, "agn", "outlandish") == []


def test_a_slip_in_one_word_leaves_the_others_as_they_are(desk: World) -> None:
    one = desk.incident(title="Plotter spooler jams zebrafish, log-level").number
    other = desk.incident(title="Plotters zebrafish unrelated").number
    delivery.drain()
    assert numbers(desk, "agn", "plotter zebrafsh") == [other, one]
    for typed in ("plotter spoolr", "zebrafsh plotte", "plotter log-levle", "zebrafsh log-level"):
        assert one in numbers(desk, "agn", typed), typed


def test_another_spelling_is_not_looked_for_where_the_typed_one_is_known(desk: World) -> None:
    one = desk.incident(title="Payrol misspelt")
    desk.incident(title="Payroll spelt")
    delivery.drain()
    found = queries.search(desk.actor("agn"), "payrol ")
    assert ([item.number for item in found.items], found.alike) == ([one.number], ())


def test_where_nothing_has_all_the_words_those_are_told_that_nothing_has(desk: World) -> None:
    desk.incident(title="Plotter of Wi-Fi jams")
    other = desk.incident(title="Zebrafish, all of them")
    delivery.drain()

    def told(typed: str, **more: Any) -> tuple[tuple[str, ...], tuple[str, int] | None]:
        found = queries.search(desk.actor("agn"), typed, **more)
        return found.lacking, (found.rest.typed, found.rest.count) if found.rest else None

    assert told("plotter xzq jams") == (("xzq",), ("plotter jams", 1))
    # Also where another word is misspelt, is unfinished or is a number; as it was typed.
    assert told("Plottr, xzq Wi-Fi") == (("xzq",), ("Plottr, Wi-Fi", 1))
    assert told("xzq plo") == (("xzq",), ("plo", 1))
    assert told(f"xzq {other.number}") == (("xzq",), (other.number, 1))
    assert told("plotter Üxzq Straße9 ÜXZQ") == (("Üxzq", "Straße9"), ("plotter", 1))
    assert told("plotter/xzq qq-zz") == (("xzq", "qq", "zz"), ("plotter", 1))
    # Nothing is left to look for, nothing has what is left, or each word is somewhere.
    assert told("xzq") == told("xzq xzq") == (("xzq",), None)
    assert told("plotter zebrafish xzq") == (("xzq",), None)
    assert told("plotter zebrafish") == ((), None)
    assert told("plotter") == told("") == ((), None)
    assert told("plotter jams", narrowing=Narrowing(types=("site",))) == (("plotter", "jams"), None)


def test_of_a_word_in_parts_those_are_told_that_nothing_has(desk: World) -> None:
    desk.incident(title="Plotter jams")
    desk.incident(title="Zebrafish, all of them")
    desk.hidden_incident(title="Xylophonist dismissed")
    delivery.drain()

    def told(typed: str, who: str = "agn") -> tuple[tuple[str, ...], tuple[str, int] | None]:
        found = queries.search(desk.actor(who), typed)
        return found.lacking, (found.rest.typed, found.rest.count) if found.rest else None

    assert told("plotter-xzq jams") == (("xzq",), ("plotter jams", 1))
    assert told("jams xzq_Plotter ") == (("xzq",), ("jams plotter", 1))
    assert told("plotter-xzq") == (("xzq",), ("plotter", 1))
    assert told("plottr-xzq") == (("xzq",), ("plottr", 1)), "its other spelling is somewhere"
    assert told("plotter-xylophonist jams") == (("xylophonist",), ("plotter jams", 1))
    # Something has each, nothing has both: it is told as it was typed, and only that is left out.
    assert told("jams Plotter-Zebrafish!") == (("Plotter-Zebrafish",), ("jams !", 1))
    assert told("plotter jams/zebrafish_plotter") == (("zebrafish_plotter",), ("plotter jams/", 1))
    assert told("plotter-zebrafish") == (("plotter-zebrafish",), None)
    assert told("xzq plotter-zebrafish") == (("xzq", "plotter-zebrafish"), None)
    assert told("plotter-xylophonist", "agh") == (("plotter-xylophonist",), None)


def test_titles_stand_before_texts_and_the_newest_before_the_older(desk: World) -> None:
    first = desk.incident(title="Beamer flickers")
    second = desk.incident(title="Room 3", body="The beamer is dark")
    third = desk.incident(title="No beamer in room 4")
    delivery.drain()
    assert numbers(desk, "agn", "beamer") == [third.number, first.number, second.number]
    by_age = [third.number, second.number, first.number]
    assert numbers(desk, "agn", "beamer", order="newest") == by_age


@pytest.mark.parametrize("order", ["best", "newest"])
@pytest.mark.parametrize("counted", [True, False])
def test_pages_hold_each_hit_once(desk: World, order: str, counted: bool) -> None:
    made = [
        desk.incident(title="Beamer" if n % 3 else "Room", body="beamer").number for n in range(11)
    ]
    delivery.drain()
    got, after = [], ""
    while True:
        page = queries.search(
            desk.actor("agn"), "beamer", order=order, after=after, size=4, counted=counted
        )
        got += [item.number for item in page.items]
        if page.next is None:
            break
        after = page.next
    assert sorted(got) == sorted(made)
    assert len(got) == len(set(got))


def test_many_hits_come_newest_first_and_pages_go_on_so(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "RANKED", 5)
    monkeypatch.setattr(queries, "COUNTED", 8)
    made = [desk.incident(title="Beamer" if n % 2 else "Room", body="beamer") for n in range(12)]
    delivery.drain()
    for counted in (True, False):
        got, after = [], ""
        while True:
            page = queries.search(desk.actor("agn"), "beamer", after=after, size=5, counted=counted)
            assert page.order == "newest"
            if counted:
                assert (page.count, page.is_exact) == (8, False)
            got += [item.number for item in page.items]
            if page.next is None:
                break
            after = page.next
        assert got == [record.number for record in reversed(made)]


def test_facets_count_what_is_listed_and_narrow_it(desk: World) -> None:
    net, mail = desk.teams["net"], desk.services["mail"]
    a = desk.incident(title="Beamer one", team=net, by="agn")
    b = desk.incident(title="Beamer two", service=mail)
    commands.create(shelf.type("site"), {"title": "Beamer storage"}, SETUP)
    delivery.drain()
    commands.move(incident, a.number, "start", {}, desk.by("agn"))
    found = queries.search(desk.actor("agn"), "beamer", counted=True)
    told = {name: {v.value: v.count for v in of_it} for name, of_it in found.facets.items()}
    assert found.count == 3
    assert told["type"] == {"incident": 2, "site": 1}
    assert sum(told["state"].values()) == 3
    assert told["team"][net] == 1
    assert told["service"] == {desk.services["vpn"]: 1, mail: 1}
    for name, of_it in told.items():
        for value, count in of_it.items():
            chosen = (value,) if name in ("type", "state") else value
            narrowed = Narrowing(**{"types" if name == "type" else name: chosen})
            page = queries.search(desk.actor("agn"), "beamer", narrowed, counted=True)
            assert (page.count, len(page.items)) == (count, count), (name, value)
    both = queries.search(
        desk.actor("agn"), "beamer", Narrowing(state=tuple(told["state"])), counted=True
    )
    assert (len(told["state"]), both.count) == (3, 3)
    assert numbers(desk, "agn", "beamer", narrowing=Narrowing(service=mail)) == [b.number]
    assert numbers(desk, "agn", "beamer", narrowing=Narrowing(team="TEAM-999")) == []


def test_which_part_matched_is_told(desk: World) -> None:
    record = desk.incident(title="Drucker", body="Es riecht nach **Kaffee** und Gebäck im Büro")
    say(incident, record.number, Message("all", "Wir schicken einen Techniker"), desk.by("agn"))
    say(incident, record.number, Message("internal", "Garantie erloschen"), desk.by("agn"))
    attach(incident, record.number, "foto.png", [b"\x89PNG\r\n\x1a\n"], "all", desk.by("ra1"))
    delivery.drain()
    for typed, part, name, marked in (
        ("drucker", "title", "", []),
        ("geback", "field", "body", ["Gebäck"]),
        ("techn", "reply", "", ["Techniker"]),
        ("garantie", "note", "", ["Garantie"]),
        ("foto", "file", "", ["foto"]),
        (f"{record.number} drucker", "number", "", []),
    ):
        [item] = queries.search(desk.actor("agn"), typed).items
        assert (item.part, item.name) == (part, name), typed
        assert [piece for piece, is_match in item.pieces if is_match] == marked, typed


@pytest.mark.attack("N04")
@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "a", "%", "_", "\\", "'", '"', "a & | !", "<->", "a' OR 1=1 --", "$q$", "vpn*", "NEAR(vpn)", "-vpn",
        "{title} : vpn", "title:vpn", "vpn AND", "OR", "NOT", "(", "\x00", "\ud800", "x" * 10_000, "vpn:*A",
        "::tsquery",
        "ab " * 500,
    ],
)  # fmt: skip
def test_signs_are_no_language(desk: World, typed: str) -> None:
    desk.incident()
    delivery.drain()
    found = queries.search(desk.actor("agn"), typed, counted=True)
    assert found.count == len(found.items)


def test_too_short_and_beyond_the_tenth_word(desk: World) -> None:
    assert queries.search(desk.actor("agn"), "a b").question.words == ()
    many = " ".join(f"Wörd{n}" for n in range(12))
    assert queries.search(desk.actor("agn"), many).question.ignored == ("Wörd10", "Wörd11")


@pytest.mark.parametrize("cursor", ["x", "W10", "WzFd", "eyJhIjoxfQ", "WyJiZXN0IiwtMSwwLGZhbHNlXQ"])
def test_a_foreign_cursor_is_refused(desk: World, cursor: str) -> None:
    with pytest.raises(Invalid):
        queries.search(desk.actor("agn"), "vpn", after=cursor)


def test_one_statement_finds_however_many_types_there_are(
    desk: World, django_assert_num_queries: Any
) -> None:
    agent = desk.actor("agn")
    with django_assert_num_queries(1):
        words = finding.finished(asking.read("vpn drops ").words)
        finding.hits(agent, words, Narrowing(), 20)


def test_a_batch_that_fails_is_heard_event_by_event(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = desk.incident(title="Quixotic one"), desk.incident(title="Quixotic two")
    put = index.put

    def failing(ids: Any) -> None:
        if bad.id in ids:
            raise RuntimeError("the index is full")
        put(ids)

    monkeypatch.setattr(index, "put", failing)
    delivery.drain()
    assert numbers(desk, "agn", "quixotic") == [good.number]


def test_similar_to_a_title(desk: World) -> None:
    old = desk.incident(title="Payroll rejects the passphrase")
    desk.incident(title="Payroll is slow")
    desk.incident(title="Nothing of the kind")
    delivery.drain()
    found = queries.similar(desk.actor("agn"), incident, "passphrase for payroll wrong")
    assert found[0].number == old.number
    assert len(found) == 2
    assert queries.similar(desk.actor("agn"), incident, "the a of") == []


def test_ones_own_are_found_by_an_index(desk: World) -> None:
    """With the plus their order is nothing that SQLite could read all records in, where it knows how many there are."""
    asked: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        queries.suggest(desk.actor("agn"), "vpn")
    [sql] = [sql for sql in asked if "search_words" in sql]
    assert "order by +r.id desc" in sql
    assert "order by r.id" not in sql
