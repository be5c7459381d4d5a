"""Where one asks in the portal: an address in everyday words, and the one it had before."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.core.files.base import ContentFile

from mainstay.capabilities.files import store
from mainstay.records import commands, queries
from mainstay.records.errors import NoRoom
from mainstay.records.models import Record
from mainstay.records.types import Message, shelf
from mainstay.surfaces.portal import mine, pages
from mainstay.surfaces.web import forms
from tests.surfaces.web.conftest import Browse
from tests.surfaces.web.conftest import browse as browse
from tests.world import World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")


def test_no_address_of_the_portal_names_a_type(
    browse: Browse, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mine, "SIZE", 1)
    for _ in range(2):
        world.incident()
    names = [name for rtype in shelf for name in (rtype.name, rtype.plural)]
    for address in ("/portal/", "/portal/ask/", "/portal/ask/broken/", "/portal/requests/"):
        page = browse("ra1").get(address).content.decode()
        assert [n for n in names if f"/{n}/" in page or f"={n}." in page] == []
    assert 'href="/portal/ask/broken/"' in browse("ra1").get("/portal/").content.decode()
    older = browse("ra1").get("/portal/requests/").content.decode()
    assert "?after=broken." in older


def test_the_address_of_before_leads_to_the_one_of_today(browse: Browse) -> None:
    ra1 = browse("ra1")
    answer = ra1.get("/portal/ask/incident/?title=VPN")
    assert (answer.status_code, answer["Location"]) == (308, "/portal/ask/broken/?title=VPN")
    assert ra1.get("/portal/ask/incident/?title=VPN", follow=True).status_code == 200
    before = Record.objects.count()
    answer = ra1.post("/portal/ask/incident/", {"title": "VPN"})
    # 308: what was typed and attached is sent again by the browser itself.
    assert (answer.status_code, answer["Location"]) == (308, "/portal/ask/broken/")
    assert Record.objects.count() == before
    assert ra1.post(answer["Location"], {"title": "VPN"}).status_code == 303
    assert Record.objects.count() == before + 1
    assert ra1.get("/portal/ask/problem/").status_code == 404


def test_the_answers_are_in_the_words_of_who_asks_and_mean_the_same(
    browse: Browse, world: World
) -> None:
    """Nobody outside weighs impact and urgency: they say whom it holds up and whether they can do without."""
    page = browse("ra1").get("/portal/ask/broken/").content.decode()
    assert _cards(page, "impact") == [
        ("3", " checked", "Only me"),
        ("2", "", "Several of us"),
        ("1", "", "A whole site, or many people"),
    ]
    form = page.partition("<main")[2].partition("</main>")[0]
    assert [word for word in ("High", "Medium", "Low") if f">{word}<" in form] == []
    said = {"title": "The till is dead", "impact": "1", "urgency": "2"}
    assert browse("ra1").post("/portal/ask/broken/", said).status_code == 303
    made = Record.objects.latest("id").number
    for_agents = browse("agn").get("/incidents/new/").content.decode()
    assert ">High<" in for_agents and "A whole site" not in for_agents
    assert queries.one(shelf.type("incident"), world.actor("adm"), made)["impact"] == 1


def _cards(page: str, name: str) -> list[tuple[str, str, str]]:
    """Value, whether it is chosen, and title of each card of a field, in their order."""
    card = rf'<input type="radio" id="f-{name}[^"]*" name="{name}" value="([^"]*)"( checked)?>'
    return re.findall(rf'<label class="pick-card">{card}<b dir="auto">([^<]+)</b>', page)


def test_each_answer_says_what_it_means(browse: Browse) -> None:
    page = browse("ra1").get("/portal/ask/broken/").content.decode()
    invitation = shelf.type("incident").invitation
    assert invitation is not None
    for name, meanings in invitation.meanings.items():
        asked = page.partition(f'id="f-{name}"')[2].partition("</fieldset>")[0]
        said = re.findall(r"<small [^>]*>([^<]+)</small>", asked)
        assert said == [str(meaning) for meaning in meanings.values()]
        assert f"<legend>{invitation.questions[name]}</legend>" in page


def test_a_card_that_does_not_exist_is_refused_where_it_was_chosen(browse: Browse) -> None:
    """With every other answer as it was given."""
    said = {"title": "The till is dead", "impact": "7", "urgency": "1"}
    answer = browse("ra1").post("/portal/ask/broken/", said)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert '<a class="link" href="#f-impact">Who is held up by it?: ' in page
    group = re.search(r'<fieldset[^>]*aria-describedby="e-impact-1"[^>]*>', page)
    assert group is not None
    assert 'role="radiogroup"' in group[0] and 'aria-invalid="true"' in group[0]
    assert 'id="e-impact-1"' in page
    assert [chosen for _, chosen, _ in _cards(page, "impact")] == ["", "", ""]
    assert ("1", " checked", "No") in _cards(page, "urgency")


def test_what_may_stay_open_is_no_card() -> None:
    """A card that is chosen cannot be left again."""
    drawn = forms.Input(
        "impact", "Impact", "choice", "", (("3", "Low"), ("2", "Medium"), ("1", "High"))
    )
    rtype = shelf.type("incident")
    assert pages._answered(drawn, rtype).picks == ()
    assert [p.value for p in pages._answered(replace(drawn, is_needed=True), rtype).picks] == [
        "3",
        "2",
        "1",
    ]


@pytest.mark.parametrize(
    ("typed", "there"),
    [
        ("/incidents/", "/portal/requests/"),
        ("/incidents/?view=mine", "/portal/requests/"),
        ("/incidents/new/", "/portal/ask/broken/"),
        ("/inbox/", "/portal/inbox/"),
        ("/inbox/preferences/", "/portal/inbox/preferences/"),
        ("/profile/", "/portal/profile/"),
        ("/search/", "/portal/search/"),
        ("/search/?q=vpn+drops&type=incident", "/portal/search/?q=vpn+drops&type=incident"),
    ],
)
def test_who_has_no_desk_is_led_to_the_portals_own_page(
    browse: Browse, world: World, typed: str, there: str
) -> None:
    ra1, agent = browse("ra1"), browse("agn")
    answer = ra1.get(typed)
    assert (answer.status_code, answer["Location"]) == (303, there)
    assert ra1.get(there).status_code == 200
    assert agent.get(typed).status_code == 200


def test_so_is_who_types_the_address_of_their_record(browse: Browse, world: World) -> None:
    number = world.incident().number
    ra1 = browse("ra1")
    assert ra1.get(f"/incidents/{number}/")["Location"] == f"/portal/requests/{number}/"
    assert ra1.get(f"/portal/requests/{number}/").status_code == 200
    refused = ra1.post(f"/incidents/{number}/", {})
    assert refused.status_code == 405, "what is sent is answered where it was sent"
    part = {"HX-Request": "true", "HX-Target": "div#record"}
    assert ra1.get(f"/incidents/{number}/", headers=part).status_code == 200


ASKED = {"title": "The scanner is silent", "body": "Since this morning", "impact": "3"}


def numbers() -> list[str]:
    return list(
        Record.objects.filter(type="incident").order_by("id").values_list("number", flat=True)
    )


def test_what_is_sent_a_second_time_leads_to_the_first(browse: Browse, world: World) -> None:
    """Who goes back in the browser finds the words again, and the page as it was or drawn anew."""
    ra1 = browse("ra1")
    first = ra1.post("/portal/ask/broken/", ASKED)
    again = ra1.post("/portal/ask/broken/", ASKED)
    assert len(numbers()) == 1
    assert (again.status_code, again["Location"]) == (303, first["Location"])
    assert "You had sent this already" in ra1.get(again["Location"]).content.decode()
    # Other words are another request, and so are the same words of somebody else.
    assert (
        ra1.post("/portal/ask/broken/", ASKED | {"title": "So is the printer"}).status_code == 303
    )
    assert browse("ra2").post("/portal/ask/broken/", ASKED).status_code == 303
    assert len(numbers()) == 3


def test_files_that_are_new_come_to_the_first(browse: Browse, world: World) -> None:
    ra1 = browse("ra1")

    def sent(*names: str) -> str:
        files = [ContentFile(b"silent " + name.encode(), name) for name in names]
        answer = ra1.post("/portal/ask/broken/", ASKED | {"files": files})
        assert len(numbers()) == 1
        return str(ra1.get(answer["Location"]).content.decode())

    assert "one.txt" in sent("one.txt")
    shown = sent("one.txt", "two.txt")
    assert len(re.findall(r'href="/files/[^"]*/one.txt"', shown)) == 1
    assert len(re.findall(r'href="/files/[^"]*/two.txt"', shown)) == 1


def test_no_file_is_lost_because_one_like_it_was_sent_before(
    browse: Browse, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that could not be kept the first time, and one of the same name and size that holds something else."""
    ra1 = browse("ra1")

    def sent(content: bytes) -> str:
        files = [ContentFile(content, "log.txt")]
        answer = ra1.post("/portal/ask/broken/", ASKED | {"files": files})
        return str(ra1.get(answer["Location"]).content.decode())

    def full(*_args: object, **_more: object) -> None:
        raise NoRoom

    with monkeypatch.context() as patched:
        patched.setattr(store, "put", full)
        assert not re.search(r"/files/[^\"]*/log.txt", sent(b"one"))
    kept = r'href="/files/[^"]*/log.txt"'
    assert len(re.findall(kept, sent(b"one"))) == 1
    assert len(re.findall(kept, sent(b"one"))) == 1
    assert len(re.findall(kept, sent(b"two"))) == 2
    assert len(numbers()) == 1


def test_what_is_over_is_asked_anew(browse: Browse, world: World) -> None:
    ra1 = browse("ra1")
    ra1.post("/portal/ask/broken/", ASKED)
    [first] = numbers()
    ra1.post(f"/portal/requests/{first}/withdraw/")
    ra1.post("/portal/ask/broken/", ASKED)
    assert len(numbers()) == 2
    # The newer one is what is meant from now on.
    again = ra1.post("/portal/ask/broken/", ASKED)
    assert again["Location"] == f"/portal/requests/{numbers()[1]}/"


def test_what_was_refused_was_not_sent(browse: Browse, world: World) -> None:
    ra1 = browse("ra1")
    for _time in range(2):
        assert ra1.post("/portal/ask/broken/", {"title": "", "body": "So"}).status_code == 422
    assert numbers() == []


LARGE = r"big\.bin is larger than \d+ MB\. Nothing was sent: take it away or choose a smaller one, then send again\."
EMPTY = (
    r"none\.txt is empty\. Nothing was sent: take it away or choose another one, then send again\."
)
OTHERS = "The other files have to be chosen once more, too."


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "LARGEST", 1024 * 1024)


def files(*names: str) -> list[ContentFile]:  # type: ignore[type-arg]
    contents = {
        "big.bin": b"x" * (1024 * 1024 + 1),
        "none.txt": b"",
        "fits.txt": b"x" * 1024 * 1024,
    }
    return [ContentFile(contents[name], name) for name in names]


def said_of(page: str) -> tuple[list[str], list[str]]:
    """What stands above the form with the field it leads to, and what beside the field of files."""
    above = re.findall(r'<a class="link" href="#f-files">([^<]+)</a>', page)
    beside = re.findall(r'<span class="err" id="e-files-\d">.*?</svg>([^<]+)</span>', page)
    return above, beside


@pytest.mark.usefixtures("few")
def test_nothing_is_sent_with_a_file_that_is_not_taken(browse: Browse, world: World) -> None:
    """The form comes back with what was typed and says which file it was."""
    ra1 = browse("ra1")
    for names, told in (
        (("big.bin",), [LARGE]),
        (("none.txt",), [EMPTY]),
        (("none.txt", "big.bin"), [EMPTY, LARGE]),
        (("fits.txt", "big.bin"), [LARGE, OTHERS]),
    ):
        answer = ra1.post("/portal/ask/broken/", ASKED | {"files": files(*names)})
        page = answer.content.decode()
        assert answer.status_code == 422
        above, beside = said_of(page)
        assert above == beside and len(beside) == len(told)
        assert all(re.fullmatch(t, text) for t, text in zip(told, beside, strict=True))
        ids = " ".join(f"e-files-{n + 1}" for n in range(len(told)))
        assert f'aria-describedby="h-files {ids}" aria-invalid="true"' in page
        assert 'value="The scanner is silent"' in page and ">Since this morning</textarea>" in page
        assert numbers() == []
    assert ra1.post("/portal/ask/broken/", ASKED | {"files": files("fits.txt")}).status_code == 303
    assert len(numbers()) == 1


@pytest.mark.usefixtures("few")
def test_an_answer_waits_for_files_that_are_taken(browse: Browse, world: World) -> None:
    """It would set the request going again without them."""
    number = world.incident().number
    question = Message("all", "A picture?")
    commands.move(
        incident, number, "hold", {"waiting_for": "caller"}, world.by("agn"), message=question
    )
    ra1, address = browse("ra1"), f"/portal/requests/{number}/answer/"
    for name, told in (("big.bin", LARGE), ("none.txt", EMPTY)):
        answer = ra1.post(address, {"text": "Here it is", "files": files(name)})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert [re.fullmatch(told, t) is not None for two in said_of(page) for t in two] == [
            True
        ] * 2
        assert ">Here it is</textarea>" in page
        assert Record.objects.get(number=number).state == "on_hold"
        assert "Here it is" not in ra1.get(f"/portal/requests/{number}/").content.decode()
    ra1.post(address, {"text": "Here it is", "files": files("fits.txt")})
    assert Record.objects.get(number=number).state != "on_hold"


def test_the_field_of_files_says_how_large_one_may_be(browse: Browse, world: World) -> None:
    number = world.incident().number
    for address in ("/portal/ask/broken/", f"/portal/requests/{number}/"):
        page = browse("ra1").get(address).content.decode()
        assert '<span class="hint" id="h-files">Up to 25 MB each.</span>' in page
        assert f'data-largest="{store.LARGEST}"' in page
        assert 'aria-describedby="h-files"' in page
