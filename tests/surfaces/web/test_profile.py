"""Everybody settles their own, in both surfaces; nobody sees or ends what is somebody else's."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from mainstay.directory import own
from mainstay.directory.actors import SESSION_COOKIE, by_session, by_token
from mainstay.directory.models import Habit, Session, Token
from mainstay.directory.signin import password, sessions, tokens
from mainstay.directory.signin.guessable import Owner
from mainstay.pure.rules import By
from mainstay.records import clock
from mainstay.records.audit.models import AuditEntry
from mainstay.records.errors import Denied, Missing
from tests.surfaces.web.conftest import Browse
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
SENTENCE = "correct horse battery staple"
ROLES = ("ra1", "agn", "mgr", "ven", "adm")
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def home(name: str) -> str:
    return "/portal/profile/" if name == "ra1" else "/profile/"


@pytest.fixture
def known(world: World) -> World:
    for name in ROLES:
        password.store(world.people[name].id, password.hashed(SENTENCE, Owner(name)))
    return world


@pytest.mark.parametrize("path", ["", "theme/", "password/", "sessions/", "tokens/"])
def test_strangers_are_sent_to_the_sign_in(db: None, path: str) -> None:
    assert Client().post(f"/profile/{path}")["Location"].startswith("/sign-in")
    assert not Habit.objects.exists()


@pytest.mark.parametrize("name", ROLES)
def test_everybody_settles_language_zone_theme_and_keys(
    browse: Browse, world: World, name: str
) -> None:
    client = browse(name)
    chosen = {"language": "en-gb", "time_zone": "Europe/Berlin", "theme": "dark", "keys": "1"}
    answer = client.post(home(name), chosen)
    assert answer.status_code == 303
    assert (answer.cookies["theme"].value, answer.cookies["letters"].value) == ("dark", "off")
    actor = world.actor(name)
    assert (actor.language, actor.time_zone) == ("en-gb", "Europe/Berlin")
    assert own.habits(actor.id) == own.Habits("dark", has_letters=False)
    assert world.actor("agm").time_zone == ""
    page = client.get(home(name)).content.decode()
    assert 'data-theme="dark"' in page and 'data-letters="off"' in page
    client.post(home(name), {"theme": "", "keys": "1", "has_letters": "true"})
    assert "data-letters" not in client.get(home(name)).content.decode()
    assert world.actor(name).time_zone == "Europe/Berlin"


@pytest.mark.parametrize(
    "wrong", [{"language": "xx"}, {"time_zone": "Mars/Base"}, {"theme": "pink"}]
)
def test_what_is_not_offered_is_refused_and_nothing_is_kept(
    browse: Browse, world: World, wrong: dict[str, str]
) -> None:
    answer = browse("agn").post("/profile/", {"theme": "dark", "time_zone": "UTC"} | wrong)
    assert answer.status_code == 422
    assert not Habit.objects.exists() and world.actor("agn").time_zone == ""


def test_a_new_browser_has_the_theme_and_the_keys_after_the_sign_in(known: World) -> None:
    own.settle(known.by("agn"), {"theme": "dark", "has_letters": False})
    answer = Client().post("/sign-in", {"username": "agn", "password": SENTENCE})
    assert (answer.cookies["theme"].value, answer.cookies["letters"].value) == ("dark", "off")
    plain = Client().post("/sign-in", {"username": "mgr", "password": SENTENCE})
    assert plain.cookies["theme"].value == ""


def test_the_button_of_every_page_keeps_the_theme(browse: Browse, world: World) -> None:
    assert browse("ra1").post("/profile/theme/", {"theme": "dark"}).status_code == 204
    assert own.habits(world.people["ra1"].id).theme == "dark"
    assert browse("ra1").post("/profile/theme/", {"theme": "x"}).status_code == 422


def test_sessions_say_what_they_are(known: World) -> None:
    client = Client(headers={"User-Agent": FIREFOX})
    client.post("/sign-in", {"username": "agn", "password": SENTENCE})
    page = client.get("/profile/").content.decode()
    assert "Firefox, Windows" in page and "127.0.0.1" in page and "This one" in page
    assert FIREFOX not in str(list(Session.objects.values()))


@pytest.mark.parametrize("name", ROLES)
def test_nobody_sees_or_ends_the_sessions_of_another(
    browse: Browse, world: World, name: str
) -> None:
    theirs = sessions.begin(world.people["agm"].id, "192.0.2.77")
    key = by_session(theirs).session[: sessions.KEY]  # type: ignore[union-attr]
    client = browse(name)
    page = client.get(home(name)).content.decode()
    assert "192.0.2.77" not in page and key not in page
    assert client.post(f"{home(name)}sessions/", {"key": key}).status_code == 404
    client.post(f"{home(name)}sessions/")
    assert by_session(theirs) is not None
    assert not AuditEntry.objects.filter(kind="sign-out.elsewhere").exists()


def test_one_other_is_ended_or_all_others(browse: Browse, world: World) -> None:
    client, person = browse("agn"), world.people["agn"].id
    one, two, three = (sessions.begin(person) for _ in range(3))
    key = by_session(one).session[: sessions.KEY]  # type: ignore[union-attr]
    assert key in client.get("/profile/").content.decode()
    assert client.post("/profile/sessions/", {"key": key[:4]}).status_code == 404
    assert client.post("/profile/sessions/", {"key": key}).status_code == 303
    assert by_session(one) is None and by_session(two) is not None
    assert client.post("/profile/sessions/").status_code == 303
    assert by_session(two) is None and by_session(three) is None
    assert client.get("/profile/").status_code == 200
    told = AuditEntry.objects.filter(kind="sign-out.elsewhere").order_by("id")
    assert [(e.actor_id, e.times) for e in told] == [(person, 1), (person, 2)]


def test_when_a_browser_was_last_seen_is_noted_once_in_a_while(
    browse: Browse, world: World
) -> None:
    client = browse("agn")
    before = clock.now() - 2 * sessions.SEEN_EVERY
    Session.objects.update(seen_at=before)
    client.get("/profile/")
    seen = Session.objects.get().seen_at
    assert seen > before
    client.get("/profile/")
    assert Session.objects.get().seen_at == seen


@pytest.mark.parametrize("name", ROLES)
def test_a_password_is_changed_by_who_knows_the_old_one(known: World, name: str) -> None:
    client, other = Client(), Client()
    for each in (client, other):
        each.post("/sign-in", {"username": name, "password": SENTENCE})
    new = "nine purple kettles sing"
    wrong = client.post(f"{home(name)}password/", {"current": "no", "password": new})
    assert wrong.status_code == 422 and "not your present password" in wrong.content.decode()
    weak = client.post(f"{home(name)}password/", {"current": SENTENCE, "password": "1234567890"})
    assert weak.status_code == 422
    assert other.get(home(name)).status_code == 200
    done = client.post(f"{home(name)}password/", {"current": SENTENCE, "password": new})
    assert done.status_code == 303
    assert client.get(home(name)).status_code == 200
    assert other.get(home(name))["Location"].startswith("/sign-in")
    assert password.sign_in(name, new, "192.0.2.1")


def make(client: Client, path: str, **more: str) -> str:
    form = {"name": "nightly", "scopes": "read", "days": "30", "current": SENTENCE} | more
    answer = client.post(path, form)
    found = re.search(r"mst_[\w-]+", answer.content.decode())
    return found[0] if found else ""


@pytest.mark.parametrize("name", ROLES)
def test_a_token_is_shown_once_and_does_no_more(known: World, browse: Browse, name: str) -> None:
    client, path = browse(name), f"{home(name)}tokens/"
    assert make(client, path, current="wrong") == ""
    assert make(client, path, name=" ") == make(client, path, name="m" * 121) == ""
    assert make(client, path, days="9999") == "" and make(client, path, scopes="all") == ""
    assert not Token.objects.exists()
    secret = make(client, path)
    actor = by_token(secret)
    assert actor is not None and actor.id == known.people[name].id
    assert actor.scopes == {"read"}
    page = client.get(home(name)).content.decode()
    assert "nightly" in page and secret not in page
    assert make(client, path) == ""
    assert client.post(path, {"end": "nightly"}).status_code == 303
    assert by_token(secret) is None
    assert set(AuditEntry.objects.values_list("kind", flat=True)) >= {"token.create", "token.end"}


@pytest.mark.parametrize("name", ROLES)
def test_nobody_sees_or_ends_the_tokens_of_another(browse: Browse, world: World, name: str) -> None:
    secret = tokens.issue(world.people["agm"].id, "CNRY-of-agm", [])
    client = browse(name)
    assert "CNRY" not in client.get(home(name)).content.decode()
    assert client.post(f"{home(name)}tokens/", {"end": "CNRY-of-agm"}).status_code == 404
    assert by_token(secret) is not None


def test_a_token_makes_no_token_and_ends_nobodys_session(world: World) -> None:
    actor = by_token(tokens.issue(world.people["agn"].id, "t", []))
    assert actor is not None
    with pytest.raises(Denied):
        tokens.issue_own("n", ["read"], clock.now() + sessions.LASTS, By(actor, "api"))
    with pytest.raises(Missing):
        sessions.end_one("0" * sessions.KEY, By(actor, "api"))
    client = Client(headers={"Authorization": f"Bearer {actor.session}"})
    client.cookies[SESSION_COOKIE] = ""
    assert client.get("/profile/")["Location"].startswith("/sign-in")
