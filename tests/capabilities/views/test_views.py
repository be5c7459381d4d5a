"""Saved views: who sees and changes them, what the row of tabs shows, and what their addresses mean."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mainstay.capabilities.views.models import SavedView
from mainstay.capabilities.views.record import view
from mainstay.directory import commands as directory
from mainstay.directory.actors import SESSION_COOKIE
from mainstay.directory.signin import sessions
from mainstay.pure.conditions import text_of
from mainstay.records import commands, counting, queries, where
from mainstay.records.errors import Denied, Invalid, Missing
from mainstay.records.models import Event
from mainstay.records.types import shelf
from mainstay.surfaces.web import tabs
from mainstay.surfaces.web.tabs import KEPT
from tests.world import PEOPLE, SETUP, World

pytestmark = pytest.mark.django_db
INSIDE = [name for name, (_organisation, _teams, roles) in PEOPLE.items() if roles]
SignIn = Callable[[str], Client]


@pytest.fixture
def sign_in(world: World) -> SignIn:
    def enter(who: str) -> Client:
        client = Client()
        client.cookies[SESSION_COOKIE] = sessions.begin(world.people[who].id)
        return client

    return enter


def save(world: World, who: str, scope: str = "personal", **more: str) -> str:
    data = {"title": f"Of {who}", "record_type": "incident", "filter": "is_open"}
    if scope == "team":
        data["team"] = world.teams["net"]
    return str(commands.create(view, data | {"scope": scope} | more, world.by(who)).number)


def seen_by(world: World, who: str) -> set[str]:
    return {row["number"] for row in queries.page(view, world.actor(who)).items}


def test_who_sees_a_view_is_whom_it_is_for(world: World) -> None:
    own, team, everybody = (
        save(world, "agn"),
        save(world, "lead", "team"),
        save(world, "mgr", "global"),
    )
    for who in PEOPLE:
        found = seen_by(world, who)
        assert (own in found) == (who == "agn"), who
        assert (team in found) == (who in ("agn", "agm", "lead")), who
        assert (everybody in found) == (who in INSIDE), who
        assert counting.count(view, world.actor(who)) == (len(found), True)


def test_who_may_change_a_view(world: World) -> None:
    own, team, everybody = (
        save(world, "agn"),
        save(world, "lead", "team"),
        save(world, "mgr", "global"),
    )
    allowed = {own: {"agn"}, team: {"lead"}, everybody: {"mgr", "adm"}}
    for number, those in allowed.items():
        for who in PEOPLE:
            events = Event.objects.count()
            if who in those:
                commands.change(view, number, {"title": f"By {who}"}, world.by(who))
                continue
            with pytest.raises((Denied, Missing)) as refusal:
                commands.change(view, number, {"title": "Taken"}, world.by(who))
            if number not in seen_by(world, who):
                assert refusal.type is Missing
            for refused in (
                lambda n=number, w=who: commands.remove(view, n, world.by(w)),
                lambda n=number, w=who: commands.restore(view, n, world.by(w)),
            ):
                with pytest.raises((Denied, Missing)):
                    refused()
            assert Event.objects.count() == events


@pytest.mark.parametrize(
    ("who", "scope"),
    [("agn", "team"), ("agd", "team"), ("mgr", "team"), ("agn", "global"), ("lead", "global")],
)
def test_nobody_shares_with_those_they_do_not_lead(world: World, who: str, scope: str) -> None:
    number = save(world, who)
    events = Event.objects.count()
    with pytest.raises(Invalid):
        save(world, who, scope)
    with pytest.raises(Invalid):
        commands.change(view, number, {"scope": scope, "team": world.teams["net"]}, world.by(who))
    assert Event.objects.count() == events


def test_requesters_keep_no_views(world: World) -> None:
    with pytest.raises(Denied):
        save(world, "ra1")


def test_what_is_shared_has_no_owner_and_what_is_taken_back_is_ones_own(world: World) -> None:
    number = save(world, "lead")
    lead = world.by("lead")
    shared = commands.change(view, number, {"scope": "team", "team": world.teams["net"]}, lead)
    assert (shared.assignee_id, shared.scope) == (None, "team")
    assert number in seen_by(world, "agm")
    taken = commands.change(view, number, {"scope": "personal"}, lead)
    assert (taken.assignee_id, taken.team_id) == (lead.actor.id, None)
    assert number not in seen_by(world, "agm")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("filter", "nonsense =="),
        ("order", "nonsense"),
        ("columns", "nonsense"),
        ("group", "requester__password"),
        ("density", "x; drop"),
        ("record_type", "nonsense"),
    ],
)
def test_only_what_can_be_shown_is_kept(world: World, name: str, value: str) -> None:
    with pytest.raises(Invalid) as refusal:
        save(world, "agn", **{name: value})
    assert name in refusal.value.fields
    number = save(world, "agn")
    if name != "record_type":
        with pytest.raises(Invalid) as refusal:
            commands.change(view, number, {name: value}, world.by("agn"))
        assert name in refusal.value.fields


@pytest.mark.attack("C04")
def test_a_name_that_is_no_field_reaches_no_statement(world: World, sign_in: SignIn) -> None:
    """Refused when it is kept; what was brought in past all doors falls back to what is usual."""
    through = ("requester__password", "team__credential__secret", "r.title)--")
    number = save(world, "agn")
    for name, value in product(KEPT, through):
        for write in (
            lambda given: save(world, "agn", title="Another", **given),
            lambda given: commands.change(view, number, given, world.by("agn")),
        ):
            with pytest.raises(Invalid) as refusal:
                write({name: value})
            assert list(refusal.value.fields) == [name]
    for name, whole in product(KEPT, through):
        value = whole[: SavedView._meta.get_field(name).max_length]
        SavedView.objects.update(**dict.fromkeys(KEPT, "") | {name: value})
        with CaptureQueriesContext(connection) as asked:
            shown = sign_in("agn").get(f"/incidents/?view={number}")
        assert shown.status_code == 200, (name, value)
        assert not [q["sql"] for q in asked if value in q["sql"]]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("filter", 'assigned_because.contains("secret") || item == null'),
        ("columns", "title,assigned_because"),
        ("group", "assigned_because"),
    ],
)
def test_what_is_shared_names_only_what_everybody_may_see(
    world: World, name: str, value: str
) -> None:
    kept = {} if name == "group" else {name: value}
    own = save(world, "mgr", **kept)
    for who, scope in (("mgr", "global"), ("lead", "team")):
        with pytest.raises(Invalid) as refusal:
            save(world, who, scope, **{name: value})
        assert list(refusal.value.fields) == [name]
    if kept:
        with pytest.raises(Invalid) as refusal:
            commands.change(view, own, {"scope": "global"}, world.by("mgr"))
        assert list(refusal.value.fields) == [name]
    assert save(world, "mgr", "global", filter="item == null", columns="title,item", group="item")


def test_a_view_of_the_confined_stands_inside(world: World) -> None:
    number, everybody = save(world, "agb"), save(world, "mgr", "global")
    assert {number, everybody} == seen_by(world, "agb")


def test_the_restricted_teams_views_exist_for_its_members_alone(world: World) -> None:
    directory.grant(world.number("agh"), "team-lead", SETUP)
    number = save(world, "agh", "team", team=world.teams["hr"])
    assert [who for who in PEOPLE if number in seen_by(world, who)] == ["agh"]


def test_the_row_shows_what_one_may_see_with_its_counts(world: World, sign_in: SignIn) -> None:
    mine = save(world, "agn", title="Night <shift>", filter='title.contains("vpn")')
    world.incident()
    world.incident(title="Another")
    page = sign_in("agn").get("/incidents/").content.decode()
    assert "Night &lt;shift&gt;" in page
    tab = page[page.index(f'id="v-{mine}"') :].partition("</a>")[0]
    assert '<span class="count num">1<span class="sr"> record</span>' in tab
    for who in ("agm", "aud", "mgr"):
        assert "Night" not in sign_in(who).get("/incidents/").content.decode()
    # An address that leads nowhere keeps what it says besides.
    other = sign_in("agm").get(f"/incidents/?view={mine}&filter=priority+%3C%3D+2")
    assert other.status_code == 200
    assert 'value="priority &lt;= 2"' in other.content.decode()
    assert mine not in other.content.decode()


def test_an_address_says_all_of_a_saved_view(world: World, sign_in: SignIn) -> None:
    number = save(world, "agn", order="-updated_at", columns="title,state")
    client = sign_in("agn")
    plain = client.get(f"/incidents/?view={number}").content.decode()
    assert 'id="filter" name="filter" value="is_open"' in plain
    assert "unsaved changes" not in plain
    whole = f"view={number}&amp;filter=is_open&amp;order=-updated_at&amp;columns=title,state"
    assert whole in plain
    emptied = client.get(f"/incidents/?view={number}&filter=").content.decode()
    assert 'name="filter" value=""' in emptied
    assert "unsaved changes" in emptied
    assert "Discard" in emptied


def test_save_and_save_as_and_delete(world: World, sign_in: SignIn) -> None:
    client = sign_in("agn")
    here = urlencode({"view": "mine", "filter": "priority <= 2", "order": "-updated_at"})
    made = client.post(f"/incidents/view/new/?{here}", {"title": "Hot", "for": "personal"})
    number = parse_qs(urlsplit(made["Location"]).query)["view"][0]
    kept = queries.one(view, world.actor("agn"), number)
    declared = next(v for v in shelf.type("incident").views if v.name == "mine")
    actor, incident = world.actor("agn"), shelf.type("incident")
    for part in (declared.where, "priority <= 2"):
        assert text_of(where.parse(incident, actor, part)) in kept["filter"]
    assert kept["order"] == "-updated_at"
    changed = urlencode({"view": number, "filter": "priority == 1"})
    client.post(f"/incidents/view/keep/?{changed}")
    assert queries.one(view, actor, number)["filter"] == "priority == 1"
    # What stood there before, perhaps saved by somebody else meanwhile, comes back.
    shown = client.get(f"/incidents/?{changed}").content.decode()
    [undo] = re.findall(r'action="(/views/[^"]*/back/[^"]*|/views/[^"]*undo[^"]*)"', shown)
    assert client.post(undo, headers={"HX-Request": "true"}).status_code == 204
    assert queries.one(view, actor, number)["filter"] == kept["filter"]
    client.post(f"/incidents/view/keep/?{changed}")
    client.post(f"/incidents/view/name/?view={number}", {"title": "Hotter"})
    assert queries.one(view, actor, number)["title"] == "Hotter"
    gone = client.post(f"/incidents/view/delete/?view={number}")
    assert gone.status_code == 303
    assert number not in seen_by(world, "agn")
    back = client.post(f"/incidents/view/{number}/back/")
    assert f"view={number}&filter=priority" in back["Location"]
    assert number in seen_by(world, "agn")
    client.post(f"/incidents/view/delete/?view={number}")
    # The toast's form is sent by htmx, which follows no redirect to a page.
    back = client.post(f"/incidents/view/{number}/back/", headers={"HX-Request": "true"})
    assert f"view={number}" in back["HX-Redirect"]
    refused = client.post(f"/incidents/view/new/?{here}", {"title": "", "for": "personal"})
    assert refused.status_code == 422


def test_whoever_may_not_see_a_view_sees_its_list_by_its_address(
    world: World, sign_in: SignIn
) -> None:
    """The address one stands at after it was saved, and the one its record gives."""
    world.incident(title="The one")
    client = sign_in("agn")
    here = "view=all&filter=title.contains(%22one%22)&columns=number,title&group=team"
    made = client.post(f"/incidents/view/new/?{here}", {"title": "Ones", "for": "personal"})
    address = made["Location"]
    (number,) = seen_by(world, "agn")
    assert address.startswith(f"/incidents/?view={number}&")
    assert address.replace("&", "&amp;") in client.get(f"/views/{number}/").content.decode()
    for who, is_theirs in (("agn", True), ("agm", False)):
        page = sign_in(who).get(address).content.decode()
        assert "The one" in page
        assert 'value="title.contains(&#34;one&#34;)"' in page
        assert ("Ones" in page) is is_theirs
        assert ("not there, or not for you" in page) is not is_theirs
        heads = re.findall(r'<th class="c-(?!cb)[^"]*" scope="col"', page)
        assert len(heads) == 2
        assert 'scope="rowgroup"' in page


def test_others_cannot_touch_it_by_address(world: World, sign_in: SignIn) -> None:
    number, everybody = save(world, "agn"), save(world, "mgr", "global")
    events = Event.objects.count()
    for who in ("ra1", "agm", "aud", "adm"):
        client = sign_in(who)
        for word in ("keep", "name", "place", "delete"):
            data = {"title": "Taken", "to": "left"}
            answer = client.post(f"/incidents/view/{word}/?view={number}&filter=", data)
            # Whoever keeps views of their own comes to the list, which says that there is no such view.
            assert answer.status_code == (404 if who == "ra1" else 303), (who, word)
            if who != "ra1":
                assert answer["Location"] == f"/incidents/?view={number}&filter="
        assert client.post(f"/incidents/view/{number}/back/").status_code == 404
    for word in ("keep", "name", "place", "delete"):
        data = {"title": "Taken", "to": "left"}
        answer = sign_in("agm").post(f"/incidents/view/{word}/?view={everybody}&filter=", data)
        assert answer.status_code == 403, word
    assert sign_in("ra1").get("/incidents/view/new/").status_code == 404
    assert sign_in("ra1").post("/incidents/view/new/", {"title": "x"}).status_code == 404
    assert Client().post("/incidents/view/new/", {"title": "x"}).status_code == 401
    assert Client().post("/incidents/view/new/").status_code == 303
    assert Event.objects.count() == events


def test_a_tab_is_moved_and_the_first_one_is_what_a_list_opens_with(
    world: World, sign_in: SignIn
) -> None:
    number = save(world, "agn", filter="priority == 1")
    other = save(world, "agn", title="Another")
    client, incident = sign_in("agn"), shelf.type("incident")

    def names() -> list[str]:
        return [v.name for v in tabs.row_of(incident, world.actor("agn"))]

    declared = [v.name for v in incident.views]
    assert names() == [*declared, number, other]
    client.post(f"/incidents/view/place/?view={number}", {"to": "right"})
    assert names() == [*declared, other, number]
    client.post(f"/incidents/view/place/?view={number}", {"to": "left"})
    client.post(f"/incidents/view/place/?view={number}", {"to": "left"})
    assert names() == [*declared[:-1], number, declared[-1], other]
    client.post(f"/incidents/view/place/?view={number}", {"to": "first"})
    assert names() == [number, *declared, other]
    page = client.get("/incidents/").content.decode()
    assert 'id="filter" name="filter" value="priority == 1"' in page
    # What else an address says is said of the list, and the first declared view has to be named then.
    assert f"?view={declared[0]}" in page
    assert (
        'value="priority == 3"'
        in client.get("/incidents/?filter=priority+%3D%3D+3").content.decode()
    )
    assert names()[0] == number


def test_seven_are_in_sight_and_the_rest_is_counted_when_it_is_opened(
    world: World, sign_in: SignIn
) -> None:
    numbers = [save(world, "agn", title=f"View {n}") for n in range(9)]
    client = sign_in("agn")
    page = client.get("/incidents/").content.decode()
    row, _nav, menu = page.partition('class="q-tabs"')[2].partition("</nav>")
    assert row.count("<a ") == tabs.IN_SIGHT
    assert [n for n in numbers if f'id="v-{n}"' in row] == numbers[: tabs.SAVED_IN_SIGHT]
    assert f'id="v-{numbers[-1]}"' in menu
    last = client.get(f"/incidents/?view={numbers[-1]}").content.decode()
    row = last.partition('class="q-tabs"')[2].partition("</nav>")[0]
    assert row.count("<a ") == tabs.IN_SIGHT
    assert f'id="v-{numbers[-1]}"' in row
    opened = client.get(
        "/incidents/", headers={"HX-Request": "true", "HX-Target": "div#more-views"}
    ).content.decode()
    assert opened.count('class="count num"') == opened.count("<a ") > 0
    assert "<table" not in opened


def test_a_view_that_cannot_be_read_any_more_says_so(world: World, sign_in: SignIn) -> None:
    number = save(world, "agn")
    view.model.objects.filter(number=number).update(filter="gone == 1")
    client = sign_in("agn")
    page = client.get("/incidents/")
    assert page.status_code == 200
    assert "cannot be shown" in page.content.decode()
    opened = client.get(f"/incidents/?view={number}")
    assert opened.status_code == 200
    assert "This view cannot be shown to you" in opened.content.decode()


def test_counts_stop_at_999(world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabs, "COUNTED", 2)
    number = save(world, "agn", filter="")
    for _n in range(3):
        world.incident()
    page = sign_in("agn").get("/incidents/").content.decode()
    tab = page[page.index(f'id="v-{number}"') :].partition("</a>")[0]
    assert '2+<span class="sr"> records and more</span>' in tab


def test_no_menu_offers_views(world: World, sign_in: SignIn) -> None:
    page = sign_in("adm").get("/").content.decode()
    assert "/views/" not in page


def test_a_name_in_a_row_one_may_not_keep_is_not_told(world: World) -> None:
    """Whoever may not share there is refused for that alone, whatever others called theirs."""
    team = world.teams["hr"]
    given = {"record_type": "incident", "scope": "team", "team": team}
    commands.create(view, {**given, "title": "Secret plan"}, SETUP)
    complaints = []
    for title in ("Secret plan", "Something else"):
        with pytest.raises(Invalid) as refused:
            commands.create(view, {**given, "title": title}, world.by("agn"))
        complaints.append(refused.value.fields)
    assert complaints[0] == complaints[1]


def test_two_views_of_one_name_are_refused_in_one_row(world: World, sign_in: SignIn) -> None:
    number = save(world, "agn", title="High and above")
    for again in ("High and above", "  HIGH and above "):
        with pytest.raises(Invalid) as refused:
            save(world, "agn", title=again)
        assert "already" in str(refused.value)
    other = save(world, "agn", title="Low")
    with pytest.raises(Invalid):
        commands.change(view, other, {"title": "high and above"}, world.by("agn"))
    # Its own name is free, and so is that of another list, of somebody else's view, and of one that is gone.
    commands.change(view, number, {"title": "HIGH and above"}, world.by("agn"))
    save(world, "agn", title="High and above", record_type="problem")
    save(world, "agd", title="High and above")
    save(world, "lead", "team", title="High and above")
    commands.remove(view, number, world.by("agn"))
    save(world, "agn", title="High and above")
    form = {"title": "High and above", "for": "personal"}
    answer = sign_in("agn").post("/incidents/view/new/?filter=is_open", form)
    assert answer.status_code == 422
    assert "Change that one, or choose another name." in answer.content.decode()
    assert SavedView.objects.filter(title__iexact="high and above", is_removed=False).count() == 4


def test_views_are_asked_for_once_until_one_of_them_changes(world: World) -> None:
    incident, lead = shelf.type("incident"), world.by("lead")
    team = save(world, "lead", "team")

    def names_and_statements() -> tuple[list[str], int]:
        actor = world.actor("agn")
        with CaptureQueriesContext(connection) as asked:
            found = [v.label for v in tabs.row_of(incident, actor) if v.name == team]
        return found, len(asked)

    names_and_statements()
    assert names_and_statements() == (["Of lead"], 0)
    commands.change(view, team, {"title": "Renamed"}, lead)
    assert names_and_statements() == (["Renamed"], 1)
    assert names_and_statements() == (["Renamed"], 0)
    # Whoever has other rights by now is another reader, whatever was kept before.
    directory.leave(world.teams["net"], world.number("agn"), world.by("adm"))
    assert names_and_statements() == ([], 1)
    directory.join(world.teams["net"], world.number("agn"), world.by("adm"))
    assert names_and_statements()[0] == ["Renamed"]
    commands.remove(view, team, lead)
    assert names_and_statements()[0] == []
