"""Who may do what, as small trees; `records/access.py` reads a tree as SQL and as a yes or no."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Grant:
    """A role held everywhere, for one team's records or for one organisation's."""

    role: str
    team_id: int | None = None
    organisation_id: int | None = None

    @property
    def is_everywhere(self) -> bool:
        """Whether no scope limits it."""
        return self.team_id is None and self.organisation_id is None


@dataclass(frozen=True)
class Actor:
    """Who asks, as a value: everything an access rule may look at, and nothing that can change under it.

    `confined_to` holds the organisations outside which nothing exists for this actor (None: no limit);
    `hidden_teams` the restricted teams the actor is no member of, `walled_teams` those they are a member of.
    `scopes` limits a token (None: no limit). `is_system` marks Mainstay itself, which every rule admits;
    `is_new_here` a token nobody used before, or a browser that was not seen for a while. `versions` are the
    labels of the settings, as they were when the actor was read, for copies of them.
    """

    id: int | None
    name: str = ""
    number: str = ""
    uuid: str = ""
    login: str = ""
    grants: frozenset[Grant] = frozenset()
    teams: frozenset[int] = frozenset()
    team_numbers: tuple[str, ...] = ()
    organisation_id: int | None = None
    confined_to: frozenset[int] | None = None
    hidden_teams: frozenset[int] = frozenset()
    walled_teams: frozenset[int] = frozenset()
    scopes: frozenset[str] | None = None
    language: str = ""
    time_zone: str = ""
    is_system: bool = False
    organisation: str = field(default="", compare=False)
    session: str = field(default="", compare=False)
    is_new_here: bool = field(default=False, compare=False)
    versions: Mapping[str, int] = field(default_factory=dict, compare=False)

    def grants_of(self, roles: Iterable[str]) -> list[Grant]:
        """What the actor holds of these roles, in any scope."""
        wanted = frozenset(roles)
        return [grant for grant in self.grants if grant.role in wanted]

    def reaches(self, verb: str, plural: str) -> bool:
        """Whether a token of theirs may `read` or `write` a type; writing takes in reading."""
        if self.scopes is None:
            return True
        verbs = ("read", "write") if verb == "read" else ("write",)
        return any(v in self.scopes or f"{v}:{plural}" in self.scopes for v in verbs)

    def has_role(self, *roles: str) -> bool:
        """Whether any of the roles is held, in whatever scope."""
        return self.is_system or bool(self.grants_of(roles))

    def has_role_everywhere(self, *roles: str) -> bool:
        """Whether any of the roles is held without a scope: power over people needs that."""
        return self.is_system or any(grant.is_everywhere for grant in self.grants_of(roles))


SYSTEM = Actor(id=None, name="Mainstay", is_system=True)


@dataclass(frozen=True)
class By:
    """An actor, the door they came through, and the event that made them act, if one did."""

    actor: Actor
    door: str
    cause: int | None = None
    depth: int = 0


class Rule:
    """A node of an access tree; nodes are joined with `|` and `&`."""

    def __or__(self, other: Rule) -> Rule:
        return Either((self, other))

    def __and__(self, other: Rule) -> Rule:
        return Both((self, other))


@dataclass(frozen=True)
class Everyone(Rule):
    """Whoever is signed in."""


@dataclass(frozen=True)
class Nobody(Rule):
    """No person at all; Mainstay itself still may."""


@dataclass(frozen=True, init=False)
class Role(Rule):
    """Holds one of the roles, everywhere or in a scope that covers the record."""

    names: tuple[str, ...]

    def __init__(self, *names: str) -> None:
        object.__setattr__(self, "names", names)


@dataclass(frozen=True, init=False)
class Staff(Rule):
    """Holds one of the roles in whatever scope: for the lists that those who work anywhere need, people and teams."""

    names: tuple[str, ...]

    def __init__(self, *names: str) -> None:
        object.__setattr__(self, "names", names)


@dataclass(frozen=True)
class Mine(Rule):
    """The record's column names the actor: `Mine("requester_id")`; `Mine("id")` is the person's own record."""

    column: str


@dataclass(frozen=True)
class MyTeams(Rule):
    """The record belongs to a team the actor is a member of."""


@dataclass(frozen=True, init=False)
class Without(Rule):
    """The record's columns name nobody, as those of what belongs to all: `Without("assignee_id", "team_id")`."""

    columns: tuple[str, ...]

    def __init__(self, *columns: str) -> None:
        object.__setattr__(self, "columns", columns)


@dataclass(frozen=True)
class Either(Rule):
    """One of the rules at least; what `|` makes."""

    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Both(Rule):
    """All of the rules; what `&` makes."""

    rules: tuple[Rule, ...]


# The columns that name the callers of a record: who asked, and whom it is asked for, who may be nobody.
CALLERS = ("requester_id", "requested_for_id")
# What every caller may, whichever of them they are.
CALLER = Either(tuple(Mine(column) for column in CALLERS))


@dataclass(frozen=True)
class Access:
    """A record type's rules; a move without a rule of its own needs `change`."""

    see: Rule
    create: Rule
    change: Rule
    remove: Rule = Nobody()
    note: Rule | None = None
    moves: Mapping[str, Rule] = field(default_factory=dict)

    def rule_for(self, verb: str) -> Rule:
        """`see`, `create`, `change`, `remove`, `restore`, `note` or the name of a move."""
        if verb in ("see", "create", "change", "remove"):
            return getattr(self, verb)  # type: ignore[no-any-return]
        if verb == "restore":
            return self.remove
        if verb == "note":
            return self.note or self.see
        return self.moves.get(verb, self.change)
