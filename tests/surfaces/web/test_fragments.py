"""A part of a page costs what is in it: what stands in the page already is neither read nor counted again."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mainstay.capabilities.conversation.commands import say
from mainstay.records import commands
from mainstay.records.types import Message, shelf
from mainstay.surfaces.web import flash
from tests.surfaces.web.conftest import Browse
from tests.world import World

pytestmark = pytest.mark.django_db
STANDS = "hx-morph-skip-children"
HERE = "http://testserver/incidents/"


def part(client: Client, path: str, target: str, here: str = "", **more: str) -> str:
    headers = {"HX-Request": "true", "HX-Target": target, **more}
    if here:
        headers["HX-Current-URL"] = here
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def tabs(drawn: str) -> str:
    return drawn.partition('class="q-tabs"')[2].partition("</nav>")[0]


def test_a_list_that_is_narrowed_leaves_the_numbers_of_its_views(
    world: World, browse: Browse
) -> None:
    world.incident()
    client, path = browse("agn"), "/incidents/?filter=priority+%3C%3D+5"
    drawn = part(client, path, "div#queue", HERE)
    row = tabs(drawn)
    assert row.count(STANDS) == row.count("<a ") > 1
    assert "count num" not in row
    assert "1 of 1" in drawn
    for near in (f"{HERE}?filter=is_open", f"{HERE}?view=open", f"{HERE}?order=priority"):
        assert STANDS in part(client, path, "div#queue", near)


def test_of_another_view_its_own_number_comes_with_its_list(world: World, browse: Browse) -> None:
    world.incident()
    drawn = part(browse("agn"), "/incidents/?view=unassigned", "div#queue", HERE)
    row = tabs(drawn)
    own = row.partition('id="n-unassigned"')[2].partition("</a>")[0]
    assert STANDS not in own
    assert ">1<span" in own
    assert row.count(STANDS) == row.count("<a ") - 1


def test_all_are_counted_where_they_may_not_stand(world: World, browse: Browse) -> None:
    world.incident()
    view, path = shelf.type("view"), "/incidents/?filter=priority+%3C%3D+5"
    kept = {"record_type": "incident", "filter": "is_open"}
    numbers = [
        commands.create(view, kept | {"title": f"{n}"}, world.by("agn")).number for n in range(9)
    ]
    client = browse("agn")
    asked: list[tuple[str, str, dict[str, str]]] = [
        (f"/incidents/?view={numbers[-1]}", HERE, {}),  # which stood in the menu
        (path, f"{HERE}?view={numbers[-1]}", {}),
        (path, f"http://testserver{path}", {}),  # the same once more
        (path, "http://testserver/problems/", {}),
        (path, "", {}),  # a page that looks for what changed
        (path, HERE, {"HX-History-Restore-Request": "true"}),
    ]
    for address, here, more in asked:
        row = tabs(part(client, address, "div#queue", here, **more))
        assert row.count("count num") == row.count("<a "), (address, here)
        assert STANDS not in row
    whole = client.get(path, headers={"HX-Current-URL": HERE}).content.decode()
    assert tabs(whole).count("count num") == tabs(whole).count("<a ")


def test_a_view_in_trouble_says_so_there_as_well(world: World, browse: Browse) -> None:
    view = shelf.type("view")
    kept = {"title": "Gone", "record_type": "incident", "filter": "is_open"}
    number = commands.create(view, kept, world.by("agn")).number
    view.model.objects.filter(number=number).update(filter="gone == 1")
    here = f"{HERE}?view={number}&order=priority"
    row = tabs(part(browse("agn"), f"/incidents/?view={number}", "div#queue", here))
    assert "cannot be shown" in row


def test_the_form_for_one_more_condition_reads_no_list(world: World, browse: Browse) -> None:
    client = browse("agn")
    with CaptureQueriesContext(
        connection,
    ) as sent:
        drawn = part(client, "/incidents/?add=priority", "div#builder", HERE)
    assert 'name="field" value="priority"' in drawn
    assert "<table" not in drawn
    assert not [s for s in sent.captured_queries if "incidents_incident" in s["sql"]]
    # Without a script the same address is a page.
    whole = client.get("/incidents/?add=priority", headers={"HX-Target": "div#builder"})
    assert b"<!doctype" in whole.content


UNFIT = [
    ("priority", "is", "soon", "This must be a whole number."),
    ("assignee", "is", "Nobody Atall", "There is no person Nobody Atall."),
    ("requester", "not", "USER-99999", "There is no person USER-99999."),
    ("created_at", "since", "", "Say what to look for."),
]


@pytest.mark.parametrize(("field", "op", "value", "said"), UNFIT)
def test_a_condition_that_cannot_be_made_is_asked_for_again(
    world: World, browse: Browse, field: str, op: str, value: str, said: str
) -> None:
    """As it was sent, and the list stays as it is; without a script on the page of the list."""
    number, client = str(world.incident().number), browse("agn")
    form = {"view": "all", "field": field, "op": op, "value": value}
    again = client.get(HERE, form, headers={"HX-Request": "true", "HX-Target": "div#queue"})
    assert (again.status_code, again["HX-Retarget"]) == (422, "#builder")
    whole = client.get(HERE, form)
    assert whole.status_code == 422 and f'id="{number}"' in whole.content.decode()
    for drawn in (again.content.decode(), whole.content.decode()):
        assert (
            said in drawn and f'value="{op}" selected' in drawn and 'aria-invalid="true"' in drawn
        )
        assert f'value="{value}"' in drawn or field == "priority"


def test_a_condition_names_nobody_its_reader_does_not_see(world: World, browse: Browse) -> None:
    form = {"field": "assignee", "op": "is", "value": world.number("agn")}
    seen = browse("agn").get(HERE, form)
    unseen = browse("agb").get(HERE, form)
    assert (seen.status_code, unseen.status_code) == (303, 422)
    assert f"There is no person {world.number('agn')}." in unseen.content.decode()


def test_a_condition_says_me_and_a_priority_by_its_name(world: World, browse: Browse) -> None:
    client, headers = browse("agn"), {"HX-Request": "true", "HX-Target": "div#queue"}
    for field, typed, filtered in (
        ("assignee", "Me", "assignee+%3D%3D+me"),
        ("priority", "P2", "2"),
    ):
        form = {"view": "all", "field": field, "op": "is", "value": typed}
        made = client.get(HERE, form, headers=headers)
        assert made.status_code == 200 and filtered in made["HX-Push-Url"]
        assert 'class="unsaved"' in made.content.decode()
    assert "P3 Moderate" in part(client, f"{HERE}?add=priority", "div#builder", HERE)


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/incidents/", "div#more-views"),
        ("/users/options/?list=o-value&value=per", "datalist#o-value"),
        ("/inbox/bell/", "bell"),
    ],
)
def test_a_part_asks_for_nothing_that_whole_pages_show(
    world: World, browse: Browse, path: str, target: str
) -> None:
    client = browse("agn")
    client.cookies[flash.COOKIE] = "waits"
    client.get("/")  # whatever is read once
    client.cookies[flash.COOKIE] = "waits"
    with CaptureQueriesContext(connection) as sent:
        drawn = part(client, path, target)
    assert "<!doctype" not in drawn
    inbox = [s for s in sent.captured_queries if "telling_inboxentry" in s["sql"]]
    assert len(inbox) == (path == "/inbox/bell/")
    # What is to be told stays for the next page.
    assert client.cookies[flash.COOKIE].value == "waits"


def test_another_part_of_the_timeline_comes_alone(world: World, browse: Browse) -> None:
    incident, by = shelf.type("incident"), world.by("agn")
    number = world.incident().number
    say(incident, number, Message("all", "Said aloud"), by)
    say(incident, number, Message("internal", "Said among us"), by)
    client = browse("agn")
    whole = client.get(f"/incidents/{number}/").content.decode()
    assert 'id="entries"' in whole
    assert f'hx-get="/incidents/{number}/?show=internal" hx-target="#entries"' in whole
    drawn = part(client, f"/incidents/{number}/?show=internal", "section#entries")
    assert "Said among us" in drawn
    assert "Said aloud" not in drawn
    for around in ('id="props"', "ms-composer", 'id="links"', "<!doctype"):
        assert around in whole
        assert around not in drawn
    caller = part(browse("ra1"), f"/incidents/{number}/", "section#entries")
    assert "Said aloud" in caller
    assert "Said among us" not in caller
