"""What the page of one request tells the person who asked."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from mainstay.pure.rules import Mine
from mainstay.records import clock, commands, undoing
from mainstay.records.models import Event, Record
from mainstay.records.types import Message, shelf
from mainstay.surfaces.portal import mine
from tests.surfaces.web.conftest import Browse
from tests.surfaces.web.conftest import browse as browse
from tests.world import World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")
SOLUTION = {"close_code": "solution_provided", "resolution": "The cable was loose."}


def told(browse: Browse, number: str) -> str:
    return browse("ra1").get(f"/portal/requests/{number}/").content.decode()


def test_the_solution_is_told_for_as_long_as_it_is_one(browse: Browse, world: World) -> None:
    number = world.incident().number
    assert SOLUTION["resolution"] not in told(browse, number)
    commands.move(incident, number, "resolve", SOLUTION, world.by("agn"))
    assert SOLUTION["resolution"] in told(browse, number)
    commands.move(incident, number, "reopen", {}, world.by("ra1"), message=Message("all", "No."))
    assert SOLUTION["resolution"] not in told(browse, number)
    commands.move(incident, number, "resolve", SOLUTION, world.by("agn"))
    commands.move(incident, number, "confirm", {}, world.by("ra1"))
    assert SOLUTION["resolution"] in told(browse, number)


def last_step(page: str) -> str:
    [progress] = re.findall(r'<ol class="trk".*?</ol>', page, re.S)
    return str(re.findall(r"<li[^>]*>([^<]*)</li>", progress)[-1])


def test_who_did_not_confirm_is_not_said_to_have(browse: Browse, world: World) -> None:
    """It may close by itself, by who works on it, or by the other one it is for."""
    callers = {"requester": world.number("ra1"), "requested_for": world.number("ra2")}
    ways = (("confirm", "ra1"), ("confirm", "ra2"), ("close", "agn"))
    for step, by in ways:
        number = world.incident(by="agn", **callers).number
        assert last_step(told(browse, number)) == "Confirmed by you"
        commands.move(incident, number, "resolve", SOLUTION, world.by("agn"))
        commands.move(incident, number, step, {}, world.by(by))
        for reader in ("ra1", "ra2"):
            page = browse(reader).get(f"/portal/requests/{number}/").content.decode()
            assert last_step(page) == ("Confirmed by you" if reader == by else "Closed")


def test_who_confirmed_once_did_not_close_it_the_second_time(browse: Browse, world: World) -> None:
    number = world.incident().number
    commands.move(incident, number, "resolve", SOLUTION, world.by("agn"))
    commands.move(incident, number, "confirm", {}, world.by("ra1"))
    event = Event.objects.latest("id").pk
    undoing.take_back(incident, number, event, world.by("ra1"))
    assert last_step(told(browse, number)) == "Confirmed by you"
    commands.move(incident, number, "close", {}, world.by("agn"))
    assert last_step(told(browse, number)) == "Closed"


def test_what_waits_for_the_person_stands_at_home_however_old(browse: Browse, world: World) -> None:
    waiting = world.incident().number
    question = Message("all", "Which client?")
    given = {"waiting_for": "caller"}
    commands.move(incident, waiting, "hold", given, world.by("agn"), message=question)
    for _ in range(12):
        world.incident()
    page = browse("ra1").get("/portal/").content.decode()
    assert f">{waiting} ·" in page and page.count("/portal/requests/INC-") >= 5
    assert '<span class="count num">13</span>' in page


def test_every_request_stands_on_some_page(
    browse: Browse, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mine, "SIZE", 3)
    numbers = [world.incident().number for _ in range(7)]
    found, url = [], "/portal/requests/"
    while url:
        page = browse("ra1").get(url).content.decode()
        found += re.findall(r">(INC-\d+) ·", page)
        after = re.search(r'href="\?(after=[^"]+)"', page)
        url = f"/portal/requests/?{after[1]}" if after else ""
    assert found == numbers[::-1]


WITHDRAW = "/withdraw/"


def stands(number: str) -> tuple[str, int]:
    return Record.objects.get(number=number).state, Event.objects.count()


def test_whoever_asked_withdraws_it_with_a_word_or_without(browse: Browse, world: World) -> None:
    ra1 = browse("ra1")
    for word in ("It went away by itself.", ""):
        number = world.incident(by="ra1").number
        address = f"/portal/requests/{number}/"
        assert f'action="{address}withdraw/"' in told(browse, number)
        answer = ra1.post(f"{address}withdraw/", {"text": word})
        assert (answer.status_code, answer["Location"]) == (303, address)
        page = ra1.get(address).content.decode()
        assert stands(number)[0] == "cancelled" and "Withdrawn." in page and word in page
        assert "Nobody works on this any more." in page
        assert WITHDRAW not in page and "cancel" not in page.lower() and 'name="text"' not in page


def test_both_callers_may_withdraw_and_nobody_else(browse: Browse, world: World) -> None:
    given = {"requester": world.number("ra1"), "requested_for": world.number("ra2")}
    number = world.incident(by="agn", **given).number
    address = f"/portal/requests/{number}/"
    before = stands(number)
    for name in ("rb1", "ven", "agn", "mgr"):
        assert browse(name).get(address).status_code == 404
        assert browse(name).post(f"{address}withdraw/").status_code == 404
    assert browse("ra2").get(f"{address}withdraw/").status_code == 405
    assert stands(number) == before
    assert WITHDRAW in browse("ra2").get(address).content.decode()
    assert browse("ra2").post(f"{address}withdraw/").status_code == 303
    assert stands(number)[0] == "cancelled"


def test_who_may_not_withdraw_is_offered_nothing(
    browse: Browse, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule that lets one of two callers alone: the other reads and answers, and that is all."""
    given = {"requester": world.number("ra1"), "requested_for": world.number("ra2")}
    number = world.incident(by="agn", **given).number
    monkeypatch.setitem(incident.access.moves, "cancel", Mine("requester_id"))
    address, before = f"/portal/requests/{number}/", stands(number)
    page = browse("ra2").get(address).content.decode()
    assert 'name="text"' in page and WITHDRAW not in page
    assert browse("ra2").post(f"{address}withdraw/").status_code == 404
    assert stands(number) == before
    assert WITHDRAW in told(browse, number)


def test_what_is_solved_is_withdrawn_no_more(browse: Browse, world: World) -> None:
    number = world.incident().number
    commands.move(incident, number, "resolve", SOLUTION, world.by("agn"))
    before = stands(number)
    assert WITHDRAW not in told(browse, number)
    assert (
        told_on(browse, number, "withdraw") == "This is solved already. Say whether it works again."
    )
    assert stands(number) == before


def told_on(browse: Browse, number: str, step: str) -> str:
    """The sentence with which a step without a text leads back to the request."""
    client, address = browse("ra1"), f"/portal/requests/{number}/"
    answer = client.post(f"{address}{step}/")
    assert (answer.status_code, answer["Location"]) == (303, address)
    [sentence] = re.findall(r'class="toast"><span>([^<]+)<', client.get(address).content.decode())
    return sentence


def test_the_same_button_in_a_second_tab_says_that_it_is_finished(
    browse: Browse, world: World
) -> None:
    number = world.incident().number
    commands.move(incident, number, "resolve", SOLUTION, world.by("agn"))
    assert told_on(browse, number, "agree") == "Thank you, it is closed."
    before = stands(number)
    for step in ("agree", "object", "answer", "withdraw"):
        assert told_on(browse, number, step) == "This is finished already."
    assert stands(number) == before
    assert browse("ra1").post(f"/portal/requests/{number}/bogus/").status_code == 404
    for other in ("rb1", "ven", "mgr"):
        assert browse(other).post(f"/portal/requests/{number}/agree/").status_code == 404


def test_what_is_not_solved_or_withdrawn_says_so(browse: Browse, world: World) -> None:
    number = world.incident().number
    sentence = "This is not solved yet, so there is nothing to confirm."
    assert told_on(browse, number, "agree") == told_on(browse, number, "object") == sentence
    assert told_on(browse, number, "withdraw") == "Withdrawn."
    for step in ("agree", "answer", "withdraw"):
        assert told_on(browse, number, step) == "This was withdrawn already."


def test_what_was_written_for_a_step_that_is_gone_is_not_lost(browse: Browse, world: World) -> None:
    number = world.incident().number
    address, text = f"/portal/requests/{number}/", "It froze again at 14:10."
    answer = browse("ra1").post(f"{address}object/", {"text": text})
    assert answer.status_code == 409
    assert (
        'id="a-text"' in answer.content.decode()
        and f">{text}</textarea>" in answer.content.decode()
    )
    commands.move(incident, number, "resolve", SOLUTION, world.by("agn"))
    commands.move(incident, number, "confirm", {}, world.by("ra1"))
    before = stands(number)
    for step in ("object", "answer"):
        answer = browse("ra1").post(f"{address}{step}/", {"text": text})
        page = answer.content.decode()
        assert answer.status_code == 409 and "This is finished already." in page
        assert (
            "What you typed was not sent" in page
            and f'readonly dir="auto">{text}</textarea>' in page
        )
    assert stands(number) == before


def test_why_it_was_to_be_withdrawn_is_no_objection(browse: Browse, world: World) -> None:
    number = world.incident().number
    commands.move(incident, number, "resolve", SOLUTION, world.by("agn"))
    answer = browse("ra1").post(f"/portal/requests/{number}/withdraw/", {"text": "Not needed."})
    page = answer.content.decode()
    assert answer.status_code == 409 and "This is solved already." in page
    assert re.findall(r'<textarea[^>]*id="([^"]*)"[^>]*>Not needed.<', page) == ["kept"]


def sent(browse: Browse, number: str, text: str, word: str = "answer", **more: object) -> str:
    """The sentence with which a text leads back to the request."""
    client, address = browse("ra1"), f"/portal/requests/{number}/"
    answer = client.post(f"{address}{word}/", {"text": text, **more})
    assert (answer.status_code, answer["Location"]) == (303, address)
    [told] = re.findall(r'class="toast"><span>([^<]+)<', client.get(address).content.decode())
    return told


SAID = "You had sent this already: it stands below."


def test_words_whose_answer_did_not_come_are_sent_once(browse: Browse, world: World) -> None:
    """Known again for as long as they are the last ones, for two days."""
    number = world.incident().number
    assert sent(browse, number, "It froze.\r\nAgain.") == "Sent."
    before = stands(number)
    assert 'data-said="It froze.\nAgain."' in told(browse, number)
    assert sent(browse, number, " It froze.\nAgain. ") == SAID
    assert stands(number) == before
    assert sent(browse, number, "It froze. Twice.") == "Sent."
    assert sent(browse, number, "It froze.\nAgain.") == "Sent."
    with clock.held(clock.now() + timedelta(days=3)):
        assert 'data-said=""' in told(browse, number)
        assert sent(browse, number, "It froze.\nAgain.") == "Sent."
    commands.note(incident, number, "reply", world.by("agn"), message=Message("all", "And now?"))
    assert 'data-said=""' in told(browse, number)
    assert sent(browse, number, "It froze.\nAgain.") == "Sent."


def test_an_objection_whose_answer_did_not_come_is_no_answer_besides(
    browse: Browse, world: World
) -> None:
    """Whatever the form is called that it stands in by then; and a word to withdraw is known as well."""
    number = world.incident().number
    commands.move(incident, number, "resolve", SOLUTION, world.by("agn"))
    assert sent(browse, number, "Still dark.", "object") == "We look at it again."
    before = stands(number)
    for word in ("object", "answer"):
        assert sent(browse, number, "Still dark.", word) == SAID
    assert stands(number) == before
    assert sent(browse, number, "Not needed.", "withdraw") == "Withdrawn."
    before = stands(number)
    assert sent(browse, number, "Not needed.", "withdraw") == SAID
    assert stands(number) == before


def test_files_that_did_not_come_along_come_with_the_second(browse: Browse, world: World) -> None:
    number = world.incident().number
    for names in (["one.txt"], ["one.txt", "two.txt"]):
        files = [ContentFile(b"it is " + name.encode(), name) for name in names]
        sent(browse, number, "See here.", files=files)
    shown = told(browse, number)
    for name in ("one.txt", "two.txt"):
        assert len(re.findall(rf'href="/files/[^"]*/{name}"', shown)) == 1
    assert len(re.findall("<p>See here.</p>", shown)) == 1
