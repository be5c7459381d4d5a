"""What is one's own, over REST: the profile, where one is signed in, one's tokens."""

from __future__ import annotations

from typing import Any

import pytest

from mainstay.directory.models import Session
from mainstay.directory.signin import tokens
from mainstay.records.audit.models import AuditEntry
from tests.safety.wire import signed_in
from tests.world import World

PATH = "/me/profile"


def test_the_profile_is_read_and_changed(ask: Any, world: World) -> None:
    before = ask("ra1").get(PATH).json()
    assert before == {"language": "", "time_zone": "", "theme": "", "has_letters": True}
    chosen = {"language": "de", "time_zone": "Europe/Berlin", "theme": "dark", "has_letters": False}
    assert ask("ra1")("PATCH", PATH, chosen).json() == chosen
    assert ask("ra1").get("/me").json()["language"] == "de"
    assert ask("agn").get(PATH).json() == before
    last = ask("adm").get(f"/users/{world.number('ra1')}/events").json()["items"][-1]
    assert last["changes"]["language"]["to"] == "de"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"language": "xx"}, "language"),
        ({"language": ["de"]}, "language"),
        ({"time_zone": {"a": 1}, "theme": "dark"}, "time_zone"),
        ({"theme": None}, "theme"),
        ({"has_letters": 1}, "has_letters"),
        ({"roles": "administrator"}, "roles"),
    ],
)
def test_what_is_not_offered_changes_nothing(ask: Any, body: dict[str, Any], field: str) -> None:
    before = ask("ra1").get(PATH).json()
    refused = ask("ra1")("PATCH", PATH, body)
    assert refused.status_code == 422 and list(refused.json()["errors"]) == [field]
    assert ask("ra1").get(PATH).json() == before


def test_a_token_that_only_reads_changes_nothing(ask: Any) -> None:
    assert ask("ra1", "read")("PATCH", PATH, {"theme": "dark"}).status_code == 403
    assert ask("ra1", "write:incidents").get("/me/sessions").status_code == 403
    assert ask("ra1").get(PATH).json()["theme"] == ""


def test_sessions_are_listed_and_ended(ask: Any, world: World) -> None:
    for name in ("ra1", "ra1", "agn"):
        signed_in(world.people[name].id)
    held = ask("ra1").get("/me/sessions").json()["items"]
    assert len(held) == 2 and not any(one["is_here"] for one in held)
    [other] = ask("agn").get("/me/sessions").json()["items"]
    assert ask("ra1")("DELETE", f"/me/sessions?key={other['key']}").status_code == 404
    assert ask("ra1")("DELETE", f"/me/sessions?key={held[0]['key']}").status_code == 204
    assert len(ask("ra1").get("/me/sessions").json()["items"]) == 1
    assert ask("ra1")("DELETE", "/me/sessions").status_code == 204
    assert Session.objects.filter(user_id=world.people["ra1"].id).count() == 0
    assert Session.objects.filter(user_id=world.people["agn"].id).count() == 1
    assert AuditEntry.objects.filter(kind="sign-out.elsewhere").count() == 2


def test_tokens_are_listed_without_their_secrets_and_ended(ask: Any, world: World) -> None:
    secret = tokens.issue(world.people["ra1"].id, "backup", ["read"])
    answer = ask("ra1").get("/me/tokens")
    assert secret not in answer.text
    assert "backup" in {one["name"] for one in answer.json()["items"]}
    assert ask("agn")("DELETE", "/me/tokens?name=backup").status_code == 404
    assert ask("ra1")("DELETE", "/me/tokens?name=backup").status_code == 204
    assert "backup" not in {one["name"] for one in ask("ra1").get("/me/tokens").json()["items"]}
    assert ask("ra1")("DELETE", "/me/tokens").status_code == 422
