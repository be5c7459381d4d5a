"""A person is answered in their language and by their clock, a stranger in what the browser asks for."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext, gettext_lazy

from mainstay.directory import bulk_job, languages
from mainstay.directory.models import User
from mainstay.directory.record import user
from mainstay.pure.conditions import words
from mainstay.records import commands, jobs, where
from mainstay.records.models import JobRefusal
from mainstay.records.types import Message, shelf
from mainstay.surfaces.web import audit, formats
from tests.surfaces.web.conftest import Browse
from tests.world import SETUP, World

incident = shelf.type("incident")
GERMAN = {"HTTP_ACCEPT_LANGUAGE": "de-AT,de;q=0.9,en;q=0.5"}


def speaks(world: World, name: str, language: str, zone: str = "") -> None:
    data = {"language": language} | ({"time_zone": zone} if zone else {})
    commands.change(user, world.number(name), data, SETUP)


@pytest.mark.parametrize(
    ("header", "answered"),
    [
        ("", "en-gb"),
        ("de", "de"),
        ("de-CH, fr;q=0.9", "de"),
        ("fr, de;q=0.7, en;q=0.9", "en-gb"),
        ("en-US", "en-gb"),
        ("sv", "en-gb"),
        ("*", "en-gb"),
        ("de" * 200, "en-gb"),
        ("\x00;q=,", "en-gb"),
    ],
)
def test_what_a_browser_asks_for(rf: Any, header: str, answered: str) -> None:
    request = rf.get("/", headers={"Accept-Language": header} if header else {})
    assert languages.asked_for(request) == answered


@pytest.mark.parametrize(
    ("tag", "meant"),
    [
        ("", ""),
        ("de", "de"),
        ("de-at", "de"),
        ("en", "en-gb"),
        ("xx", ""),
        ("../x", ""),
        ("de_DE", ""),
    ],
)
def test_what_a_tag_means(tag: str, meant: str) -> None:
    assert languages.known(tag) == meant


@pytest.mark.django_db
def test_a_person_is_given_a_language_there_is(browse: Browse, world: World) -> None:
    """By whoever enters them, changes them, or changes the one value where it stands: as on their own profile."""
    chief, number = browse("adm"), world.number("agn")
    for path in ("/users/new/", f"/users/{number}/edit/"):
        page = chief.get(path).content.decode()
        offered = page.partition('name="language"')[2].partition("</select>")[0]
        assert re.findall(r'<option value="([^"]*)"', offered) == ["", "en-gb", "de"]
        assert "Deutsch" in offered
    new = {"title": "Jo Hagen", "username": "jo"}
    for typed in ("German", "DE", "de-AT", "xx"):
        told = [
            chief.post("/users/new/", new | {"language": typed}),
            chief.post(f"/users/{number}/edit/", {"language": typed}),
            chief.post(f"/users/{number}/set/language/", {"value": typed}),
        ]
        assert [answer.status_code for answer in told] == [422] * 3, typed
        assert all("This must be one of en-gb, de." in t.content.decode() for t in told)
    assert not User.objects.filter(username="jo").exists()
    assert chief.post(f"/users/{number}/set/language/", {"value": "de"}).status_code == 303
    assert User.objects.get(number=number).language == "de"
    assert chief.post(f"/users/{number}/set/language/", {"value": ""}).status_code == 303
    assert User.objects.get(number=number).language == ""


@pytest.mark.django_db
def test_before_the_sign_in_the_browser_decides() -> None:
    page = Client().get("/sign-in", **GERMAN)
    assert '<html lang="de" dir="ltr"' in page.content.decode()
    assert "Anmelden" in page.content.decode()
    refused = Client().post("/sign-in", {"username": "x", "password": "y"}, **GERMAN)
    assert "Anmeldename und Passwort gehören nicht zusammen." in refused.content.decode()
    wrong = Client().get("/sign-out", **GERMAN)
    assert "Das geht nicht über eine Adresse" in wrong.content.decode()
    assert '<html lang="en-gb"' in Client().get("/sign-in").content.decode()


@pytest.mark.django_db
def test_a_persons_own_language_wins_over_the_browsers(browse: Browse, world: World) -> None:
    client = browse("agn")
    assert '<html lang="de"' in client.get("/incidents/", **GERMAN).content.decode()
    speaks(world, "agn", "en-gb")
    assert '<html lang="en-gb"' in client.get("/incidents/", **GERMAN).content.decode()
    speaks(world, "agn", "de")
    page = client.get("/incidents/").content.decode()
    assert '<html lang="de"' in page and "Niemand" not in page.partition("<main")[0]
    for word in (
        "Alle offenen",
        "Nicht zugewiesen",
        "Spalten",
        "Dringlichkeit",
        'data-undo="Rückgängig"',
    ):
        assert word in page or word in client.get("/incidents/?columns=urgency").content.decode()


@pytest.mark.django_db
def test_two_people_read_the_same_record_each_in_their_language(
    browse: Browse, world: World
) -> None:
    speaks(world, "agn", "de")
    number = world.incident().number
    commands.move(incident, number, "start", {}, world.by("agn"))
    german = browse("agn").get(f"/incidents/{number}/").content.decode()
    english = browse("agm").get(f"/incidents/{number}/").content.decode()
    assert (
        "In Arbeit" in german and "setzte den Status auf" in german and "In progress" not in german
    )
    assert "In progress" in english and "set the state to" in english and "In Arbeit" not in english


@pytest.mark.django_db
def test_a_refusal_is_said_in_their_language_and_their_nouns(browse: Browse, world: World) -> None:
    speaks(world, "agn", "de")
    number = world.incident().number
    answer = browse("agn").post(
        f"/incidents/{number}/move/resolve/", {}, headers={"HX-Request": "true"}
    )
    assert "Das wird zuerst gebraucht." in answer.content.decode()
    answer = browse("agn").get("/incidents/?filter=priorty+%3C+3")
    assert "Ein Feld „priorty“ gibt es nicht." in answer.content.decode()


@pytest.mark.django_db
def test_what_mainstay_wrote_itself_is_said_in_the_readers_language(
    browse: Browse, world: World
) -> None:
    speaks(world, "agn", "de")
    number = world.incident().number
    say = incident.offer("say")
    assert say is not None
    say(incident, number, Message("internal", "The problem this waited for was removed."), SETUP)
    german = browse("agn").get(f"/incidents/{number}/").content.decode()
    assert "Das Problem, auf das dies wartete, wurde entfernt." in german
    assert (
        "this waited for was removed" in browse("agm").get(f"/incidents/{number}/").content.decode()
    )


@pytest.mark.django_db
def test_a_filter_is_read_back_in_german(world: World) -> None:
    actor = world.actor("agn")
    condition = where.parse(
        incident, actor, 'priority <= 2 && created_at < now - duration("3d") && is_open'
    )
    assert condition is not None
    with formats.read_by("de", None):
        said = words(
            condition, {"priority": "Priorität", "created_at": "Angelegt", "is_open": "Offen"}
        )
    assert (
        said == "Priorität ist höchstens 2 und Angelegt ist früher als vor 3 Tagen und Offen ist ja"
    )


@pytest.mark.django_db
def test_rest_says_what_is_wrong_in_the_language_that_is_asked_for(
    browse: Browse, world: World
) -> None:
    client = browse("agn")
    for asked, detail, title in (
        ({}, "There is nothing here", "incident INC-99999"),
        (GERMAN, "Hier ist nichts", "Incident INC-99999 gibt es nicht."),
    ):
        told = client.get("/api/v1/incidents/INC-99999", **asked).json()
        assert told["type"] == "urn:mainstay:problem:missing"
        assert told["title"] == detail and title in told["detail"]
    refused = client.get("/api/v1/incidents?size=x", **GERMAN).json()
    assert refused["errors"] == {
        "size": ["Das muss eine ganze Zahl von 1 bis 200 sein."]
    } or "ganze Zahl" in str(refused)


@pytest.fixture
def german() -> Any:
    with formats.read_by("de", ZoneInfo("Europe/Berlin")):
        yield


Said = Callable[[], object]
NOW = datetime(2026, 11, 29, 8, 42, tzinfo=UTC)


def test_numbers_sizes_and_lists_in_german(german: None) -> None:
    assert formats.nb(1234567) == "1.234.567"
    assert formats.size(1_432_000) == "1,4 MB"
    assert formats.size(812_000) == "812 kB"
    assert formats.decimal(1234.5, 2) == "1.234,50"
    assert formats.listed(["A"]) == "A"
    assert formats.listed(["A", "B", "C"]) == "A, B und C"
    assert formats.listed([]) == ""


def test_days_and_times_in_german(german: None) -> None:
    this_year = datetime.now(UTC).year
    assert formats.day(date(2020, 3, 4)) == "Mi, 4. Mär 2020"
    assert formats.when(datetime(2020, 3, 4, 8, 42, tzinfo=UTC)) == "Mi, 4. Mär 2020, 09:42"
    assert str(this_year) not in formats.day(date(this_year, 5, 4))


@pytest.mark.parametrize(
    ("seconds", "english", "german"),
    [
        (3, "now", "gerade eben"),
        (61, "1m", "vor 1 Min."),
        (3 * 3600 + 5, "3h", "vor 3 Std."),
        (86_405, "1d", "vor 1 Tag"),
        (3 * 86_400 + 5, "3d", "vor 3 Tagen"),
        (700 * 86_400 + 5, "700d", "vor 700 Tagen"),
        (3927 * 86_400, "10y", "vor 10 Jahren"),
        (-3927 * 86_400, "in 10y", "in 10 Jahren"),
        (-3600 * 2 - 30, "in 2h", "in 2 Std."),
        (-86_400 * 2 - 30, "in 2d", "in 2 Tagen"),
    ],
)
def test_how_long_ago(seconds: int, english: str, german: str) -> None:
    at = datetime.now(UTC) - timedelta(seconds=seconds)
    for language, said in (("en-gb", english), ("de", german)):
        with formats.read_by(language, None):
            assert f">{said}</time>" in str(formats.ago(at))


@pytest.mark.parametrize(
    ("seconds", "english", "german"),
    [
        (18 * 60 + 5, "−18m", "−18 Min."),
        (18 * 3600 + 5, "−18h", "−18 Std."),
        (2 * 86_400 + 5, "−2d", "−2 T."),
        (900 * 86_400, "−2y", "−2 J."),
    ],
)
def test_by_how_much_something_is_overdue(seconds: int, english: str, german: str) -> None:
    at = datetime.now(UTC) - timedelta(seconds=seconds)
    for language, said in (("en-gb", english), ("de", german)):
        with formats.read_by(language, None):
            late = str(formats.due(at, is_open=True))
            assert late.startswith('<span class="late">') and f">{said}</time>" in late
            assert formats.due(at, is_open=False) == formats.ago(at), "what is done is late no more"
    to_come = datetime.now(UTC) + timedelta(hours=3)
    assert formats.due(to_come, is_open=True) == formats.ago(to_come)


@pytest.mark.django_db
def test_each_person_reads_by_their_own_clock(browse: Browse, world: World) -> None:
    speaks(world, "agn", "de", "Asia/Tokyo")
    speaks(world, "agm", "en-gb", "America/New_York")
    record = world.incident()
    for name, zone in (("agn", "Asia/Tokyo"), ("agm", "America/New_York")):
        local = record.created_at.astimezone(ZoneInfo(zone))
        assert f"{local:%H:%M}" in browse(name).get(f"/incidents/{record.number}/").content.decode()


@pytest.mark.django_db
def test_what_a_job_could_not_do_is_told_in_the_language_of_whoever_began_it(world: World) -> None:
    speaks(world, "agn", "de")
    numbers = [world.incident().number, "INC-99999"]
    made = bulk_job.start(incident, numbers, "Titel", {"category": "x"}, world.by("agn"))
    while jobs.work_one():
        pass
    [reason] = JobRefusal.objects.filter(job=made).values_list("reason", flat=True)
    assert reason == "Incident INC-99999 gibt es nicht."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("own", "asked_in", "told"),
    [
        ("", "de", "Incident INC-99999 gibt es nicht."),
        ("", "en-gb", "There is no incident INC-99999."),
        ("en-gb", "de", "There is no incident INC-99999."),
    ],
)
def test_who_reads_as_the_browser_does_is_told_in_the_language_they_asked_in(
    world: World, own: str, asked_in: str, told: str
) -> None:
    speaks(world, "agn", own)
    with translation.override(asked_in):
        made = bulk_job.start(incident, ["INC-99999"], "x", {"category": "x"}, world.by("agn"))
    while jobs.work_one():
        pass
    assert JobRefusal.objects.get(job=made).reason == told


@pytest.mark.django_db
def test_a_job_of_one_record_speaks_of_one(browse: Browse, world: World) -> None:
    for language, one, two in (
        ("en-gb", "Worked through it.", "Worked through all 2."),
        ("de", "Abgearbeitet.", "Alle 2 abgearbeitet."),
    ):
        speaks(world, "agn", language)
        for count, told in ((1, one), (2, two)):
            numbers = [world.incident().number for _ in range(count)]
            data = {"category": "x"}
            made = bulk_job.start(incident, numbers, "x", data, world.by("agn"))
            jobs.work_one()
            assert told in browse("agn").get(f"/jobs/{made}/").content.decode()


@pytest.mark.django_db
def test_one_field_that_two_people_changed_is_one(browse: Browse, world: World) -> None:
    record = world.incident()
    agent = browse("agn")
    mine = {
        "seen": str(record.version),
        "title": "Mine",
        "category": "mine",
        "impact": "3",
        "urgency": "3",
        "requester": world.number("ra1"),
        "service": world.services["vpn"],
    }
    theirs = {"title": "Theirs", "category": "theirs"}
    for names, english, german in (
        (("title",), "the same field meanwhile", "dasselbe Feld geändert"),
        (("title", "category"), "the same fields meanwhile", "dieselben Felder geändert"),
    ):
        changed = {name: theirs[name] for name in names}
        commands.change(incident, record.number, changed, world.by("agm"))
        for header, told in ({}, english), (GERMAN, german):
            answer = agent.post(f"/incidents/{record.number}/edit/", mine, **header)
            assert told in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/search/", "/nothing/here/", "/portal/search/"])
def test_a_button_that_searches_is_called_by_what_it_does(
    browse: Browse, world: World, path: str
) -> None:
    page = browse("agn").get(path, **GERMAN).content.decode()
    assert ">Suchen</button>" in page and ">Suche</button>" not in page


@pytest.mark.django_db
def test_who_only_asks_is_told_of_requests_and_of_no_records(browse: Browse, world: World) -> None:
    page = browse("ra1").get("/portal/inbox/preferences/").content.decode()
    assert "done to many requests at once" in page and "many records" not in page
    german = browse("ra1").get("/portal/inbox/preferences/", **GERMAN).content.decode()
    assert "mit vielen Anfragen" in german and "Datens" not in german


@pytest.mark.django_db
def test_what_may_be_kept_on_the_way_is_kept_for_each_language() -> None:
    told = Client().get("/portal/app.webmanifest", **GERMAN)
    assert told.json()["lang"] == "de" and told.json()["name"] == "Hilfe"
    assert "Accept-Language" in told["Vary"]


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_closes_a_dialog_is_called_as_no_move(language: str) -> None:
    """A button that ends a life says whose, and the one that changes nothing says nothing of the kind."""
    with translation.override(language):
        closing = {gettext("Back"), gettext("Cancel")}
        moves = {str(move.label) for rtype in shelf for move in rtype.lifecycle.moves}
        ends = [str(shelf.type(n).lifecycle.move("cancel").label) for n in ("incident", "problem")]
        named = [str(shelf.type(n).label) for n in ("incident", "problem")]
    assert not closing & moves
    for label, name in zip(ends, named, strict=True):
        assert name.lower() in label.lower()


@pytest.mark.django_db
@pytest.mark.sqlite_only
def test_a_dialog_names_the_move_and_is_closed_by_another_word(
    browse: Browse, world: World
) -> None:
    number = world.incident().number
    shown = browse("agn").get(f"/incidents/{number}/move/cancel/").content.decode()
    assert shown.count("Cancel the incident") >= 2
    assert " data-close>Back</a>" in shown and ">Cancel<" not in shown
    asked = {"step": "move:cancel", "sel": [number]}
    shown = browse("agn").post("/incidents/bulk/", asked).content.decode()
    assert ">Cancel the incident: 1</button>" in shown
    assert " data-close>Back</a>" in shown and ">Cancel<" not in shown


@pytest.mark.parametrize("rtype", list(shelf), ids=lambda rtype: rtype.name)
def test_the_audit_has_words_for_every_event_of_a_type(rtype: Any) -> None:
    """What has none would be read in English, as the program calls it."""
    moves = {move.name for move in rtype.lifecycle.moves}
    assert [v for v in rtype.verbs if v not in moves | audit.VERBS.keys() | rtype.told.keys()] == []


def test_what_is_remembered_of_a_language_is_in_it_whatever_was_active() -> None:
    label = gettext_lazy("Search or jump to")
    formats._gettext.cache_clear()
    with formats.read_by("de", None):
        with translation.override("en-gb"):
            formats.gettext("Search or jump to")
            formats.say(label)
        assert formats.gettext("Search or jump to") == "Suchen oder öffnen"
        assert formats.say(label) == "Suchen oder öffnen"
