"""A site's key is changed without anybody being put out, for as long as the old one is named beside it."""

from __future__ import annotations

from typing import Any

import pytest

from mainstay.directory import actors
from mainstay.directory.signin import sessions, tokens, welcome
from mainstay.pure.rules import SYSTEM, By
from tests.world import World

pytestmark = pytest.mark.django_db
NEW = "a-new-key-4f7d0c1b9e" * 2


def test_what_was_given_under_the_old_key_holds(world: World, settings: Any) -> None:
    person, old = world.people["agn"].id, settings.SECRET_KEY
    token, session, link = (
        tokens.issue(person, "t", []), sessions.begin(person), welcome.new_link(),
    )  # fmt: skip
    settings.SECRET_KEY = NEW
    assert actors.by_token(token) is None and actors.by_session(session) is None
    assert not welcome.is_open(link)
    settings.SECRET_KEY_FALLBACKS = ["another", old]
    one, other = actors.by_token(token), actors.by_session(session)
    assert one and other and one.id == other.id == person
    assert welcome.is_open(link)
    tokens.note_first_use(one, "api", "")
    sessions.end(session, By(SYSTEM, "web"))
    assert actors.by_session(session) is None
    assert actors.by_token(tokens.issue(person, "n", [])) is not None
