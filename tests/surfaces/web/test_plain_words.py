"""Plain words in the filter box: what they mean, what they find, and what they tell nobody."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from markupsafe import escape

from mainstay.pure.conditions import text_of
from mainstay.records import by_title, commands, where
from mainstay.records.types import shelf
from mainstay.surfaces.web import plain
from mainstay.surfaces.web.formats import say
from tests.surfaces.web.conftest import Browse
from tests.surfaces.web.test_in_a_list import fragment
from tests.surfaces.web.test_languages import speaks
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")


def typed_in(client: Client, words: str) -> Any:
    """What comes of words in the filter box, at the address they lead to."""
    answer = client.get("/incidents/", {"view": "all", "filter": words})
    assert answer.status_code == 303
    return client.get(answer["Location"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("printer gdansk", 'title.contains("printer") && title.contains("gdansk")'),
        ("12", 'number == "INC-12"'),
        ("mouse and keyboard", 'title.contains("mouse") && title.contains("keyboard")'),
        ("and", 'title.contains("and")'),
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
    said = "Words are looked for in titles, in states, and in names that not too many share."
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


def test_a_name_that_several_have_finds_all_of_them(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = [
        commands.create(
            shelf.type("user"),
            {
                "title": f"Jens {n}",
                "username": f"jens{n}",
                "organisation": world.organisations["a"],
            },
            SETUP,
        )
        for n in range(6)
    ]
    made = [str(world.incident("agn", requester=one.number).number) for one in own]
    shown = typed_in(browse("agn"), "jens").content.decode()
    assert all(f'<tr id="{number}"' in shown for number in made)
    assert "Jens 0, Jens 1, Jens 2 or 3 others" in shown
    # Of several words each may mean fewer: the address stays one that is read.
    monkeypatch.setattr(plain, "MOST_CALLED", 11)
    assert "<tr id" not in typed_in(browse("agn"), "jens vpn").content.decode()
    monkeypatch.setattr(plain, "MOST_CALLED", 5)
    assert (
        by_title.called(
            world.actor("agn"), ["user"], ["a" * 60_000], 5, whole=("user", "a" * 60_000)
        )
        == {}
    )
    shown = typed_in(browse("agn"), "jens").content.decode()
    assert "<tr id" not in shown and "names that not too many share" in shown


def test_nobody_is_told_by_words_who_exists(world: World, browse: Browse) -> None:
    # Whom they may not see is no person to them: the words are looked for in the title.
    shown = typed_in(browse("agb"), "Person agn").content.decode()
    assert "title.contains(&#34;Person&#34;)" in shown and world.number("agn") not in shown


def test_plain_words_find_what_is_written_with_a_hyphen(world: World, browse: Browse) -> None:
    made, other = world.incident(title="Guest Wi-Fi page is empty").number, world.incident().number
    for words in ("wifi", "guest WI-FI", "Wi-fi guest"):
        shown = typed_in(browse("agn"), words).content.decode()
        assert f'<tr id="{made}"' in shown and f'<tr id="{other}"' not in shown


def test_a_word_in_no_name_is_looked_for_nowhere(
    world: World, django_assert_num_queries: Any
) -> None:
    commands.change(shelf.type("user"), world.number("ra1"), {"title": "Ra Mae"}, SETUP)
    actor = world.actor("agn")
    assert actor.versions["people"]
    plain.condition(incident, actor, "printer")
    with django_assert_num_queries(0):
        plain.condition(incident, actor, "printer")
    for word, there, not_there in (("mae", "'user'", "'service'"), ("vpn", "'service'", "'user'")):
        with django_assert_num_queries(1) as asked:
            plain.condition(incident, actor, word)
        told = asked.captured_queries[0]["sql"]
        assert there in told and not_there not in told


@pytest.mark.parametrize(
    ("word", "is_called"),
    [("müller", True), ("Schmidt", True), ("mullerschmidt", True), ("Müller-Schmidt", True),
     ("schmid", False), ("rschmidt", False), ("ödön", False)],
)  # fmt: skip
def test_half_of_a_double_name_is_a_name(world: World, word: str, is_called: bool) -> None:
    commands.change(shelf.type("user"), world.number("ra1"), {"title": "Eva Müller-Schmidt"}, SETUP)
    called = by_title.called(world.actor("agn"), ["user"], [word], 5)
    assert called == ({("user", word): [world.number("ra1")]} if is_called else {})


def test_a_name_is_found_from_the_moment_somebody_has_it(world: World) -> None:
    """Though each process keeps the names."""
    mine = shelf.type("user")

    def meant() -> str:
        found = plain.condition(incident, world.actor("agn"), "zebulon")
        return "" if found is None else text_of(found)

    assert world.number("ra1") not in meant()
    commands.change(mine, world.number("ra1"), {"title": "Mae Zebulon-Ähren"}, SETUP)
    assert "title.contains" in meant()
    commands.change(mine, world.number("ra1"), {"title": "Mae ZEBULON"}, SETUP)
    assert world.number("ra1") in meant()
    commands.change(mine, world.number("ra1"), {"title": "Mae"}, SETUP)
    assert world.number("ra1") not in meant()
