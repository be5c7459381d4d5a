"""People: one login each, roles and memberships in the history, and rights that go at once."""

import pytest

from mainstay.directory import actors, people
from mainstay.directory import commands as directory
from mainstay.directory.signin import password, sessions, tokens
from mainstay.directory.signin.guessable import Owner
from mainstay.records import commands, history, queries
from mainstay.records.audit.models import AuditEntry
from mainstay.records.errors import Denied, Invalid, Missing
from mainstay.records.models import Event
from mainstay.records.types import shelf
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
user = shelf.type("user")


def test_a_login_belongs_to_one_person_whatever_its_case(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        commands.create(user, {"title": "Another", "username": "RA1"}, world.by("adm"))
    assert set(refused.value.fields) == {"username"}
    made = commands.create(user, {"title": "New", "username": "New.One"}, world.by("adm"))
    assert made.username == "new.one"
    with pytest.raises(Invalid):
        commands.change(user, made.number, {"username": "ra1"}, world.by("adm"))


@pytest.mark.parametrize("twin", ["ＲＡ１", "rа1", "ra1\u200b"])
def test_a_login_passes_for_no_other(world: World, twin: str) -> None:
    """Wide letters are the same letters; a Cyrillic one among Latin ones, or one nobody sees, is refused."""
    with pytest.raises(Invalid) as refused:
        commands.create(user, {"title": "Another", "username": twin}, world.by("adm"))
    assert set(refused.value.fields) == {"username"}


@pytest.mark.attack("MA04")
@pytest.mark.parametrize("name", ["ra1", "agn", "lead", "mgr", "aud"])
def test_only_administrators_give_roles(world: World, name: str) -> None:
    before = Event.objects.count()
    with pytest.raises((Denied, Missing)):
        directory.grant(world.number("ra2"), "agent", world.by(name))
    assert Event.objects.count() == before


def test_the_last_administrator_stays_one(world: World) -> None:
    with pytest.raises(Denied):
        directory.withdraw(world.number("adm"), "administrator", SETUP)
    assert world.actor("adm").has_role("administrator")


def test_the_last_administrator_does_not_leave(world: World) -> None:
    """One who has left already counts for nothing."""
    directory.grant(world.number("lead"), "administrator", SETUP)
    commands.move(user, world.number("lead"), "leave", {}, SETUP)
    before = Event.objects.count()
    with pytest.raises(Invalid, match="last administrator"):
        commands.move(user, world.number("adm"), "leave", {}, SETUP)
    with pytest.raises(Denied, match="last administrator"):
        directory.withdraw(world.number("adm"), "administrator", SETUP)
    assert Event.objects.count() == before
    directory.grant(world.number("mgr"), "administrator", SETUP)
    commands.move(user, world.number("adm"), "leave", {}, SETUP)


def test_roles_and_memberships_stand_in_the_history(world: World) -> None:
    directory.grant(world.number("ra1"), "agent", world.by("adm"), team_key=world.teams["net"])
    row = queries.one(user, world.actor("adm"), world.number("ra1"))
    told = history.events(user, world.actor("adm"), row)[-1]
    assert (told["name"], told["changes"]["role"]) == ("user.grant", "agent")
    assert told["actor"]["number"] == world.number("adm")


@pytest.mark.attack("O03")
def test_leaving_ends_sessions_and_tokens_at_once(world: World) -> None:
    person = world.people["agn"].id
    password.store(person, password.hashed("a long sentence", Owner("gone")))
    session, token = sessions.begin(person), tokens.issue(person, "script", [])
    assert actors.by_session(session) and actors.by_token(token)
    commands.move(user, world.number("agn"), "leave", {}, world.by("adm"))
    assert actors.by_session(session) is None and actors.by_token(token) is None
    assert password.sign_in("agn", "a long sentence", "127.0.0.1") is None
    commands.move(user, world.number("agn"), "return", {}, world.by("adm"))
    assert actors.by_session(session) is None and actors.by_token(token) is None


def test_a_token_is_taken_back_by_its_name(world: World) -> None:
    person, other = world.people["agn"].id, world.people["agm"].id
    ended, kept = tokens.issue(person, "script", []), tokens.issue(person, "backup", [])
    others = tokens.issue(other, "script", [])
    assert tokens.end(person, "script") == 1
    assert actors.by_token(ended) is None
    assert actors.by_token(kept) and actors.by_token(others)
    assert AuditEntry.objects.filter(kind="token.end", record=person).count() == 1


def test_an_organisation_is_no_part_of_itself(world: World) -> None:
    organisation, (a, b) = shelf.type("organisation"), world.organisations.values()
    commands.change(organisation, b, {"parent": a}, SETUP)
    for above, below in ((a, a), (b, a)):
        with pytest.raises(Invalid) as refused:
            commands.change(organisation, below, {"parent": above}, SETUP)
        assert set(refused.value.fields) == {"parent"}
    commands.change(organisation, b, {"parent": None}, SETUP)


def test_a_role_for_one_team_reaches_that_team_alone(world: World) -> None:
    incident = shelf.type("incident")
    directory.grant(world.number("ra1"), "agent", SETUP, team_key=world.teams["desk"])
    mine = world.incident(by="agn", team=world.teams["desk"]).number
    other = world.incident(by="agn", team=world.teams["net"]).number
    actor = world.actor("ra1")
    assert queries.one(incident, actor, mine)
    with pytest.raises(Missing):
        queries.one(incident, actor, other)


@pytest.mark.attack("MA04")
def test_an_administrator_of_one_organisation_gives_nobody_power(world: World) -> None:
    directory.grant(
        world.number("ra1"), "administrator", SETUP, organisation_key=world.organisations["a"]
    )
    with pytest.raises(Denied):
        directory.grant(world.number("ra1"), "administrator", world.by("ra1"))
    with pytest.raises(Denied):
        directory.new_password(world.number("adm"), "a long sentence", world.by("ra1"))


@pytest.mark.attack("O14")
def test_ones_own_password_is_changed_by_whoever_knows_it(world: World) -> None:
    mine = world.number("ra1")
    directory.new_password(mine, "the first sentence", world.by("adm"))
    for current in ("", "a guess of mine"):
        with pytest.raises(Invalid) as refused:
            directory.new_password(mine, "another sentence", world.by("ra1"), current=current)
        assert set(refused.value.fields) == {"current"}
    directory.new_password(mine, "a new sentence", world.by("ra1"), current="the first sentence")
    assert password.sign_in("ra1", "a new sentence", "1.2.3.4")
    assert not world.actor("ra1").has_role_everywhere("administrator")


def test_whoever_is_inside_a_wall_does_not_move_it(world: World) -> None:
    """A customer's own administrator keeps their people, and nothing that everybody shares."""
    directory.grant(world.number("rb1"), "administrator", SETUP)
    by = world.by("rb1")
    organisation, team = shelf.type("organisation"), shelf.type("team")
    before = Event.objects.count()
    for attempt in (
        lambda: commands.change(organisation, world.organisations["b"], {"is_confined": False}, by),
        lambda: commands.change(user, world.number("rb1"), {"organisation": None}, by),
        lambda: commands.change(team, world.teams["hr"], {"is_restricted": False}, by),
        lambda: commands.change(team, world.teams["net"], {"description": "x"}, by),
        lambda: directory.join(world.teams["hr"], world.number("rb1"), by),
        lambda: directory.grant(world.number("ra1"), "agent", by),
        lambda: commands.create(organisation, {"title": "Another"}, by),
    ):
        with pytest.raises((Denied, Invalid, Missing)):
            attempt()
    assert Event.objects.count() == before
    assert world.actor("rb1").confined_to is not None
    made = commands.create(shelf.type("site"), {"title": "Brightwater"}, by)
    assert made.organisation_id == world.actor("rb1").organisation_id
    commands.change(user, world.number("agb"), {"phone": "112"}, by)


def test_somebody_behind_a_wall_is_not_the_administrator_who_is_left(world: World) -> None:
    directory.grant(world.number("rb1"), "administrator", SETUP)
    with pytest.raises(Invalid, match="last administrator"):
        commands.move(user, world.number("adm"), "leave", {}, SETUP)


def test_an_agent_of_one_team_hands_on_and_assigns(world: World) -> None:
    directory.grant(world.number("ra2"), "agent", SETUP, team_key=world.teams["net"])
    by, incident = world.by("ra2"), shelf.type("incident")
    number = world.incident(by="agn", team=world.teams["net"]).number
    commands.change(incident, number, {"assignee": world.number("agn")}, by)
    commands.change(incident, number, {"team": world.teams["desk"]}, by)
    with pytest.raises(Missing):
        queries.one(incident, by.actor, number)


def test_a_teams_page_counts_what_its_reader_sees(world: World) -> None:
    world.hidden_incident(assignee=world.number("agh"))
    hr = queries.one(shelf.type("team"), world.actor("agh"), world.teams["hr"])
    for name, held in (("agh", 1), ("agn", 0)):
        [member] = people.members(hr, world.actor(name))
        assert (member["number"], member["held"]) == (world.number("agh"), held)


def test_somebody_who_has_left_is_given_nothing(world: World) -> None:
    commands.move(user, world.number("ra2"), "leave", {}, SETUP)
    with pytest.raises(Invalid, match="has left"):
        directory.join(world.teams["net"], world.number("ra2"), SETUP)
    with pytest.raises(Invalid, match="has left"):
        directory.grant(world.number("ra2"), "agent", SETUP)
