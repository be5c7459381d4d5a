"""What a page shows to whom, in whole and in part."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from django.test import Client

from mainstay.directory import commands as directory
from mainstay.directory.roles import AGENT
from mainstay.records import commands, queries
from mainstay.records.types import Message, shelf
from mainstay.surfaces.web import pages
from tests.surfaces.web.conftest import Browse
from tests.world import SETUP, World

incident = shelf.type("incident")
EVERY_TYPE = [rtype.plural for rtype in shelf]


def texts(client: Client, *urls: str) -> list[str]:
    return [client.get(url).content.decode() for url in urls]


def told(answer: Any) -> str:
    """All of an answer but the form token and the nonce, which are drawn anew each time."""
    return re.sub(r'"X-CSRFToken": "\w+"|nonce="[\w-]+"', "", answer.content.decode())


@pytest.mark.parametrize("plural", EVERY_TYPE)
def test_every_type_has_a_list_and_a_form(browse: Browse, plural: str) -> None:
    client = browse("adm")
    for url in (f"/{plural}/", f"/{plural}/?view=all", f"/{plural}/new/"):
        assert client.get(url).status_code == 200
    refused = client.post(f"/{plural}/new/", {"title": ""})
    assert refused.status_code == 422
    assert b'aria-invalid="true"' in refused.content


def test_forbidden_is_answered_exactly_like_missing(browse: Browse, world: World) -> None:
    hidden, mine = world.hidden_incident().number, world.incident().number
    for name, number in (("agn", hidden), ("ra2", mine), ("agb", mine), ("ra1", hidden)):
        client = browse(name)
        for rest in ("", "edit/", "move/start/", "set/impact/"):
            # Who has no desk is led to the portal for either, and finds neither there.
            forbidden = client.get(f"/incidents/{number}/{rest}")
            missing = client.get(f"/incidents/INC-99999/{rest}")
            assert forbidden.status_code == missing.status_code
            if forbidden.status_code == 303:
                assert missing["Location"] == "/portal/requests/INC-99999/"
                forbidden = client.get(forbidden["Location"])
                missing = client.get(missing["Location"])
            assert forbidden.status_code == missing.status_code == 404
            assert told(forbidden) == told(missing)
        for url in (f"/r/{number}", f"/portal/requests/{number}/", f"/files/{number}/x/y"):
            assert client.get(url).status_code == 404


def test_a_number_in_any_spelling_leads_to_the_one_address(browse: Browse, world: World) -> None:
    number = world.incident().number
    digits = number.partition("-")[2]
    client = browse("agn")
    for spelled in (f"inc{digits}", f"INC000{digits}", f"inc-{digits}"):
        assert client.get(f"/incidents/{spelled}/")["Location"] == f"/incidents/{number}/"
        assert client.get(f"/r/{spelled}")["Location"] == f"/incidents/{number}/"
    assert browse("ra1").get(f"/r/{number}")["Location"] == f"/portal/requests/{number}/"


def test_people_without_a_role_belong_to_the_portal(browse: Browse) -> None:
    assert browse("ra1").get("/")["Location"] == "/portal/"
    assert browse("agn").get("/").status_code == 200


def test_internal_notes_stay_inside(browse: Browse, world: World) -> None:
    number = world.incident().number
    say = incident.offer("say")
    assert say is not None
    say(incident, number, Message("internal", "CNRY-note"), world.by("agn"))
    say(incident, number, Message("all", "A public answer"), world.by("agn"))
    caller = browse("ra1")
    part = {"HX-Request": "true", "HX-Target": "div#record"}
    in_workspace = caller.get(f"/incidents/{number}/", headers=part).content.decode()
    for text in (in_workspace, *texts(caller, f"/portal/requests/{number}/")):
        assert "CNRY-note" not in text
        assert "A public answer" in text
    assert "CNRY-note" in texts(browse("agn"), f"/incidents/{number}/")[0]
    refused = caller.post(f"/incidents/{number}/talk/", {"audience": "internal", "text": "x"})
    assert refused.status_code == 403


def test_a_private_field_is_shown_where_its_rule_covers_the_record(
    browse: Browse, world: World
) -> None:
    """An agent for one team's records alone is a caller like any other on their own request to another team."""
    directory.grant(world.number("ra1"), AGENT, SETUP, team_key=world.teams["desk"])
    asked = {"title": "Mine", "requester": world.number("ra1")}
    here, there = (
        commands.create(incident, asked | {"team": world.teams[name]}, SETUP).number
        for name in ("desk", "net")
    )
    client = browse("ra1")
    assert "<dt>Configuration item<" in texts(client, f"/incidents/{here}/")[0]
    assert "<dt>Configuration item<" not in texts(client, f"/incidents/{there}/")[0]
    assert client.get(f"/incidents/{here}/set/item/").status_code == 200
    assert client.get(f"/incidents/{there}/set/item/").status_code in (403, 404)


def test_a_fragment_is_the_named_block_of_the_same_page(browse: Browse, world: World) -> None:
    number = world.incident().number
    client = browse("agn")
    asked = {"HX-Request": "true", "HX-Target": "div#queue"}
    part = client.get("/incidents/", headers=asked).content.decode()
    assert number in part
    assert "<html" not in part
    assert "<html" in client.get("/incidents/", headers={"HX-Request": "true"}).content.decode()
    again = {**asked, "HX-History-Restore-Request": "true"}
    assert "<html" in client.get("/incidents/", headers=again).content.decode()
    menu = {"HX-Request": "true", "HX-Target": "div#menu-impact"}
    options = client.get(f"/incidents/{number}/set/impact/", headers=menu).content.decode()
    assert 'value="1"' in options
    assert "<html" not in options


def test_a_change_in_place_answers_with_the_record_and_a_toast(
    browse: Browse, world: World
) -> None:
    number = world.incident().number
    asked = {"HX-Request": "true", "HX-Target": "div#record"}
    url = f"/incidents/{number}/set/impact/"
    answer = browse("agn").post(url, {"value": "1"}, headers=asked)
    assert answer.status_code == 200
    assert "updated" in json.loads(answer["HX-Trigger"])["toast"]["text"]
    refused = browse("agn").post(url, {"value": "9"}, headers=asked)
    assert refused.status_code == 422
    assert refused["HX-Retarget"] == "#dialog"


def test_a_form_drawn_before_someone_elses_change_merges_or_asks(
    browse: Browse, world: World
) -> None:
    number = world.incident().number
    row = queries.one(incident, world.actor("agn"), number)
    old: dict[str, Any] = {"seen": row["version"], "title": row["title"], "impact": 3, "urgency": 3}
    old |= {"channel": "portal", "service": world.services["vpn"], "requester": world.number("ra1")}
    commands.change(incident, number, {"category": "Theirs"}, world.by("agd"))
    client, url = browse("agn"), f"/incidents/{number}/edit/"
    merged = client.post(
        url, old | {"category": "", "subcategory": "Mine", "keep-category": "theirs"}
    )
    assert merged.status_code == 303
    now = queries.one(incident, world.actor("agn"), number)
    assert (now["category"], now["subcategory"]) == ("Theirs", "Mine")
    asked = client.post(url, old | {"category": "Mine", "subcategory": "Mine"})
    assert asked.status_code == 409
    assert b"Theirs" in asked.content
    assert queries.one(incident, world.actor("agn"), number)["category"] == "Theirs"


def test_of_two_values_nobody_chooses_but_who_is_asked(browse: Browse, world: World) -> None:
    number = world.incident().number
    client, url = browse("agn"), f"/incidents/{number}/edit/"
    form = sent(client.get(url))
    commands.change(incident, number, {"category": "Theirs"}, world.by("agd"))
    asked = client.post(url, form | {"category": "Mine", "subcategory": "Left"})
    assert asked.status_code == 409
    shown = asked.content.decode()
    assert "checked" not in shown[shown.index('class="diff"') : shown.index("</fieldset>")]
    assert 'id="f-category" name="category"' not in shown, "there is one place to say it"
    again = client.post(url, sent(asked))
    assert again.status_code == 422
    assert "Category: Say which value holds." in again.content.decode()
    # Another answer is wrong as well: what was said of this one stands.
    both = client.post(url, sent(again) | {"keep-category": "theirs", "title": ""})
    assert both.status_code == 422
    shown = both.content.decode()
    assert 'value="theirs" checked' in shown and 'name="category" value="Mine"' in shown
    done = client.post(url, sent(both) | {"keep-category": "mine", "title": "Said"})
    assert done.status_code == 303
    now = queries.one(incident, world.actor("agn"), number)
    assert (now["category"], now["subcategory"], now["title"]) == ("Mine", "Left", "Said")


def test_who_answers_for_one_field_takes_back_no_other(browse: Browse, world: World) -> None:
    number = world.incident().number
    client, url = browse("agn"), f"/incidents/{number}/edit/"
    form = sent(client.get(url))
    theirs = {"category": "Theirs", "title": "Theirs", "subcategory": "Theirs"}
    commands.change(incident, number, theirs, world.by("agd"))
    asked = client.post(url, form | {"title": "Mine", "urgency": "3"})
    assert asked.status_code == 409
    # Meanwhile they go on, and are asked about once more.
    commands.change(incident, number, {"subcategory": "Theirs again"}, world.by("agd"))
    done = client.post(url, sent(asked) | {"keep-title": "mine"})
    assert done.status_code == 303
    now = queries.one(incident, world.actor("agn"), number)
    assert (now["title"], now["urgency"]) == ("Mine", 3)
    assert (now["category"], now["subcategory"]) == ("Theirs", "Theirs again")


def test_what_was_chosen_and_is_wrong_is_typed_anew(browse: Browse, world: World) -> None:
    number = world.incident().number
    client, url = browse("agn"), f"/incidents/{number}/edit/"
    form = sent(client.get(url))
    commands.change(incident, number, {"category": "Theirs"}, world.by("agd"))
    asked = client.post(url, form | {"category": "x" * 300})
    if asked.status_code == 409:
        asked = client.post(url, sent(asked) | {"keep-category": "mine"})
    assert asked.status_code == 422
    assert 'id="f-category" name="category" aria-invalid' in asked.content.decode()


def sent(answer: Any) -> dict[str, str]:
    """What a browser would send of the form that was drawn, untouched."""
    found: dict[str, str] = {}
    drawn = answer.content.decode()
    drawn = drawn[drawn.index('class="form"') :].partition("</form>")[0]
    for tag in re.findall(r"<input[^>]*>", drawn):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        is_picked = given.get("type") not in ("radio", "checkbox") or " checked" in tag
        if "name" in given and is_picked:
            found[given["name"]] = html.unescape(given.get("value", ""))
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', drawn, re.S):
        chosen = re.search(r'value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    for name, text in re.findall(
        r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', drawn, re.S
    ):
        found[name] = html.unescape(text)
    return {name: value for name, value in found.items() if name != "csrfmiddlewaretoken"}


def test_a_reason_or_a_question_that_is_needed_is_asked_for(browse: Browse, world: World) -> None:
    number = world.incident().number
    commands.change(incident, number, {"impact": 1, "urgency": 1}, world.by("agn"))
    client = browse("agn")
    lowered = client.post(f"/incidents/{number}/set/impact/", {"value": "3"})
    assert lowered.status_code == 422
    assert b'name="reason"' in lowered.content
    held = client.post(f"/incidents/{number}/move/hold/", {"waiting_for": "caller"})
    assert held.status_code == 422
    assert b"Ask the caller" in held.content
    form = {"waiting_for": "caller", "message": "On which network?"}
    assert client.post(f"/incidents/{number}/move/hold/", form).status_code == 303


def test_who_takes_work_up_is_proposed_to_have_it(browse: Browse, world: World) -> None:
    """Where nobody has it, and they may; who has it stays, and another may be named."""

    def proposed(name: str, number: str, move: str = "start") -> str:
        form = browse(name).get(f"/incidents/{number}/move/{move}/").content.decode()
        [control] = re.findall(r'<input[^>]* name="assignee"[^>]*>', form)
        return html.unescape(re.findall(r'value="([^"]*)"', control)[0])

    number = str(world.incident().number)
    assert proposed("agn", number) == f"Person agn · {world.number('agn')}"
    sent = {"assignee": proposed("agn", number)}
    assert browse("agn").post(f"/incidents/{number}/move/start/", sent).status_code == 303
    assert queries.one(incident, SETUP.actor, number)["assignee"]["number"] == world.number("agn")
    taken = str(world.incident().number)
    commands.change(incident, taken, {"assignee": world.number("agm")}, SETUP)
    assert proposed("agn", taken) == f"Person agm · {world.number('agm')}"
    # What somebody emptied and sent is theirs to leave empty.
    other = str(world.incident().number)
    assert (
        browse("agn").post(f"/incidents/{other}/move/start/", {"assignee": ""}).status_code == 303
    )
    assert queries.one(incident, SETUP.actor, other)["assignee"] is None


def test_who_may_move_what_they_cannot_work_on_is_not_proposed(world: World) -> None:
    row = queries.one(incident, SETUP.actor, str(world.incident().number))
    for name, is_proposed in (("agn", True), ("ra1", False), ("aud", False)):
        begun = pages._with_who_acts(incident, world.actor(name), row, ("assignee",))
        assert bool(begun["assignee"]) == is_proposed, name
        assert pages._with_who_acts(incident, world.actor(name), row, ("close_code",)) is row


def test_steps_for_many_touch_what_matches_and_tell_the_rest(browse: Browse, world: World) -> None:
    numbers = [world.incident(title=f"Printer {n}").number for n in range(3)]
    commands.move(incident, numbers[0], "start", {}, world.by("agn"))
    client, url = browse("agn"), "/incidents/bulk/?filter=title.contains(%22printer%22)"
    form = {"step": "move:start", "sel": numbers[:1], "which": "all", "apply": "1"}
    answer = client.post(url, form)
    assert answer.status_code == 200
    assert numbers[0].encode() in answer.content
    states = [queries.one(incident, world.actor("agn"), n)["state"] for n in numbers]
    assert states == ["in_progress"] * 3
    assert client.post(url, form | {"step": "move:confirm"}).status_code == 200
    assert client.post(url, form | {"step": "set:version"}).status_code == 404
    assert client.post(url, form | {"step": "nonsense"}).status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "/incidents/?filter=%00",
        "/incidents/?filter=title.contains(%22%00%22)",
        "/incidents/?after=AAAA",
        "/incidents/?order=secret&view=none&columns=password,%00",
        "/incidents/?field=title&op=contains&value=%00",
        "/incidents/?field=priority&op=is&value=1||true",
        "/incidents/?field=created_at&op=since&value=yesterday",
        "/incidents/?field=nothing&op=is&value=1",
        "/incidents/?add=%00",
        "/incidents/%00/",
        "/incidents/%ED%A0%80/",
        "/r/%00",
        "/users/options/?list=o-x&x=%00",
        "/nothing/",
        "/nothing/new/",
        "/incidents/INC-1/set/version/",
        "/incidents/INC-1/move/nothing/",
        "/portal/ask/nothing/",
    ],
)
def test_nonsense_is_refused_and_never_breaks(browse: Browse, world: World, url: str) -> None:
    world.incident()
    assert browse("agn").get(url).status_code < 500


def test_texts_that_cannot_be_stored_are_refused_in_the_form(browse: Browse) -> None:
    answer = browse("agn").post(
        "/incidents/new/", {"title": "a\x00b", "impact": "1", "urgency": "1"}
    )
    assert answer.status_code == 422


def test_what_was_done_is_told_once_on_the_next_page(browse: Browse, world: World) -> None:
    number = world.incident().number
    client = browse("agn")
    client.post(f"/incidents/{number}/set/impact/", {"value": "1"})
    told = f"{number} updated".encode()
    assert told in client.get(f"/incidents/{number}/").content
    assert told not in client.get(f"/incidents/{number}/").content


def test_files_are_sent_so_that_nothing_in_them_runs(browse: Browse, world: World) -> None:
    number = world.incident().number
    attach = incident.offer("attach")
    assert attach is not None
    page = attach(
        incident, number, "x.html", [b"<script>alert(1)</script>"], "all", world.by("ra1")
    )
    note = attach(incident, number, "y.txt", [b"CNRY-file"], "internal", world.by("agn"))
    assert browse("ra1").get(f"/files/{number}/{note.uuid}/y.txt").status_code == 404
    assert browse("ra2").get(f"/files/{number}/{page.uuid}/x.html").status_code == 404
    refused = browse("ra1").post(f"/portal/requests/{number}/answer/", {"text": ""})
    assert refused.status_code == 422
    answer = browse("agn").get(f"/files/{number}/{page.uuid}/x.html")
    assert answer["Content-Type"].startswith("text/plain")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    answer.close()


def test_a_name_that_is_spelled_like_a_number_is_found(browse: Browse, world: World) -> None:
    """Groups of the real log are called "Group 70", and there are "Group 7" and "Group 700" as well."""
    teams = {
        title: commands.create(shelf.type("team"), {"title": title}, SETUP).number
        for title in ("Group 7", "Group 70", "Group 700")
    }
    number = world.incident().number
    client = browse("agn")
    seen = {"seen": 1, "value": "Group 70"}
    assert client.post(f"/incidents/{number}/set/team/", seen).status_code == 303
    row = queries.one(shelf.type("incident"), SETUP.actor, number)
    assert row["team"]["number"] == teams["Group 70"]
    asked = {"field": "team", "op": "is", "value": "Group 70"}
    there = client.get("/incidents/", asked)["Location"]
    assert number in client.get(there).content.decode()


def test_enter_without_a_choice_changes_nothing(browse: Browse, world: World) -> None:
    number = world.incident(by="agn", assignee=world.number("agn")).number
    client = browse("agn")
    assert (
        client.post(f"/incidents/{number}/set/assignee/", {"q": "", "seen": 1}).status_code == 303
    )
    wrong = client.post(f"/incidents/{number}/set/assignee/", {"q": "no one", "seen": 1})
    assert wrong.status_code == 422
    row = queries.one(shelf.type("incident"), SETUP.actor, number)
    assert row["assignee"]["number"] == world.number("agn")


def test_a_toast_says_what_came_of_it(browse: Browse, world: World) -> None:
    number = world.incident().number
    here, agent = f"/incidents/{number}/", browse("agn")
    headers = {"HX-Request": "true", "HX-Target": "div#record"}

    def told(below: str, form: dict[str, str]) -> str:
        answer = agent.post(here + below, form, headers=headers)
        return str(json.loads(answer["HX-Trigger"])["toast"]["text"])

    assert told("set/category/", {"value": "Network"}) == f"{number} updated"
    assert told("set/category/", {"value": "Network"}) == f"{number} stays as it was"
    assert told("move/start/", {"assignee": world.number("agn")}) == f"{number} is now in progress"


def test_the_part_of_the_timeline_one_looks_at_stays(browse: Browse, world: World) -> None:
    number = world.incident().number
    here, agent = f"/incidents/{number}/", browse("agn")
    seen = {"HX-Current-URL": f"http://testserver{here}?show=internal"}
    for below, form in (("talk/", {"text": "Among us"}), ("set/category/", {"value": "Network"})):
        headers = seen | {"HX-Request": "true", "HX-Target": "div#record"}
        drawn = agent.post(here + below, form, headers=headers).content.decode()
        link = re.search(r'<a href="[^"]*show=internal"[^>]*>', drawn)
        assert link and 'aria-current="true"' in link[0] and 'hx-replace-url="true"' in link[0]
        assert "Only internal notes and files are shown." in drawn


def test_a_record_has_the_keys_of_its_row(browse: Browse, world: World) -> None:
    number = world.incident().number
    shown = browse("agn").get(f"/incidents/{number}/").content.decode()
    for key, leads in (("p", "menu/weights/"), ("s", "menu/moves/")):
        assert f'data-key="{key}" hx-get="/incidents/{number}/{leads}"' in shown
    other = browse("aud").get(f"/incidents/{number}/").content.decode()
    assert number in other and "menu/weights/" not in other and "menu/moves/" not in other


def test_what_was_cancelled_does_not_look_like_a_success(browse: Browse, world: World) -> None:
    """No step of it is green: where it ended is told by a glyph and its word."""
    number = world.incident().number
    commands.move(incident, number, "cancel", {}, SETUP)
    shown = browse("agn").get(f"/incidents/{number}/").content.decode()
    rail = re.search(r'<ol class="steps".*?</ol>', shown, re.DOTALL)
    assert rail
    assert re.findall(r'<li class="(\w+)"', rail[0]) == ["off", "off"]
    first, last = rail[0].split("</li>")[:2]
    assert "<svg" not in first and 'aria-current="step"' not in first
    assert "<svg" in last and 'aria-current="step"' in last and "Cancelled" in last


def test_what_one_comes_for_stands_before_what_happened(browse: Browse, world: World) -> None:
    """Who is in a team, say; of a record about which people talk, that is what they say."""
    team = browse("adm").get(f"/teams/{world.teams['net']}/").content.decode()
    assert team.index("Members") < team.index('id="timeline"') < team.index('id="props"')
    number = world.incident().number
    record = browse("agn").get(f"/incidents/{number}/").content.decode()
    assert record.index('id="timeline"') < record.index('id="props"') < record.index("Watched by")
