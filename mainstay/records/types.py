"""The declaration of a record type, and the shelf all declarations stand on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from mainstay.pure.lifecycle import Lifecycle
from mainstay.pure.rules import Access, Actor, Rule
from mainstay.records import misfits

if TYPE_CHECKING:
    from mainstay.records.models import Record

# Verbs of the engine itself.
EVERY_TYPE = ("create", "change", "link", "unlink", "remove", "restore")
# Of what takes a move back where no move leads back.
TAKE_BACK = "take_back"


@dataclass(frozen=True)
class Message:
    """A text that travels with a command: for everybody who sees the record, or "internal"."""

    audience: str
    text: str


@dataclass(frozen=True)
class Text:
    """Something a capability keeps about a record that search finds it by: what it is, and for whom ("internal")."""

    record_id: int
    what: str
    audience: str
    text: str
    key: str = ""


@dataclass(frozen=True)
class Step:
    """What derive functions and guards look at: the record as it is about to be saved, and what it was before.

    `given` are the names of the fields that were set by hand, `door` is how they came; a past that is replayed came
    through none. Where an event is taken back, `undone` holds by field name what stood there before it: a function
    that counts what people do, or asks them why, looks whether there is any.
    """

    verb: str
    record: Any
    before: Mapping[str, Any]
    reason: str
    message: Message | None
    actor: Actor
    at: datetime
    door: str = ""
    given: frozenset[str] = frozenset()
    undone: Mapping[str, Any] | None = None

    @property
    def is_past(self) -> bool:
        """Whether this is replayed, and not done now."""
        return not self.door

    def changed(self, attribute: str) -> bool:
        """Whether an attribute held something else before; nothing has changed in what is being created."""
        return attribute in self.before and self.before[attribute] != getattr(
            self.record, attribute
        )


@dataclass(frozen=True)
class View:
    """A ready-made list of a type's records: a name, a label and a condition."""

    name: str
    label: Any
    where: str
    order: str = ""


@dataclass(frozen=True)
class LinkKind:
    """A relation other records can have to this type: `label` reads source → target, `inverse` back."""

    label: Any
    inverse: Any
    targets: tuple[str, ...]


@dataclass(frozen=True)
class Invitation:
    """How the portal invites people to ask for such a record, in their words; `questions` label its fields.

    `answers` are the words for what a field may hold, by its values and in the order they stand in: the same values
    that others know by the field's own words. `meanings` say in a sentence each what choosing it means; a field with
    them is drawn as cards to choose from.

    `address` is the part of the portal's address where one asks: a word of everyday, since people read it.
    """

    label: Any
    hint: Any
    icon: str
    address: str
    questions: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Mapping[Any, Any]] = field(default_factory=dict)
    meanings: Mapping[str, Mapping[Any, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Capability:
    """Something a record type switches on by naming it; surfaces ask it for what they show.

    `entries(rtype, actor, row, stretch)` gives timeline entries, `routes(rtype, router)` adds REST operations below
    one record. `offers` are functions a surface may call by name, since it may not import them: say, attach, open.
    `verbs` are those of the events it notes on a record, `needs` the columns it works on, `unfit(rtype)` tells what
    else keeps a type from having it. `texts(record_ids)` gives what search finds records by.
    """

    name: str
    entries: Callable[..., list[dict[str, Any]]] | None = None
    routes: Callable[..., None] | None = None
    offers: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    verbs: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    unfit: Callable[[RecordType], Iterable[str]] = lambda _rtype: ()
    texts: Callable[[Sequence[int]], Iterator[Text]] | None = None


@dataclass(frozen=True, kw_only=True)
class RecordType:
    """One frozen value that joins a table, a lifecycle, access rules, a form and columns.

    `names` renames a common column for this type ("assignee" is a service's "owner"), `labels` only
    what people read of it (the title of a person is their name); `omits` drops those it has no use
    for; `choices` limits what a common column may hold. `shared` records belong
    to everybody when they have no organisation, and no restricted team hides them; `wall` is the
    column that says which organisation a record belongs to. `private` maps a field to the rule for
    reading it; `internal` maps one to those of its values that a record's callers read nothing of.
    `personal` texts leave the history when a person is erased. `concerns` are fields
    that name a person who is to hear when they are named there and when no longer. `guards` return
    complaints by field; `derive` set fields from other fields. `codes` are the values under which
    ServiceNow exports a field's choices. `area` is the responsibility it
    belongs to (deliver, team, respond, resources), `icon` its glyph, `invitation` its words in the
    portal. `order` is what its lists are usually in, downwards with a "-"; they can be in that of each of
    their columns, and of the fields that `also_by` names. `notes` are the verbs of events that commands of its own
    note on a record, `told` what the history says of an event by its verb, where that is not what it says of
    everybody's.
    """

    name: str
    plural: str
    prefix: str
    model: type[Record]
    lifecycle: Lifecycle
    access: Access
    label: Any
    label_plural: Any
    form: tuple[str, ...]
    columns: tuple[str, ...]
    portal_form: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[str, Sequence[tuple[str, Any]]] = field(default_factory=dict)
    omits: tuple[str, ...] = ()
    order: str = "-created_at"
    also_by: tuple[str, ...] = ()
    shared: bool = False
    wall: str = "organisation_id"
    private: Mapping[str, Rule] = field(default_factory=dict)
    internal: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    personal: tuple[str, ...] = ()
    concerns: tuple[str, ...] = ()
    derive: tuple[Callable[[Step], None], ...] = ()
    guards: tuple[Callable[[Step], Mapping[str, str]], ...] = ()
    links: Mapping[str, LinkKind] = field(default_factory=dict)
    views: tuple[View, ...] = ()
    capabilities: tuple[Capability, ...] = ()
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    settings_part: str = ""
    area: str = ""
    icon: str = "circle-dot"
    invitation: Invitation | None = None
    notes: tuple[str, ...] = ()
    told: Mapping[str, Any] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(self.name)

    def __eq__(self, other: object) -> bool:
        return self is other

    @cached_property
    def orders(self) -> tuple[str, ...]:
        """What its lists can be in: the usual one first, each both ways, times from the newest on; nothing private."""
        usual = self.order.removeprefix("-")
        named = (usual, "created_at", "updated_at", *self.also_by, *self.columns, "number")
        public = [name for name in dict.fromkeys(named) if name not in self.private]
        both = [(f"-{n}", n) if n.endswith("ed_at") else (n, f"-{n}") for n in public]
        return tuple(dict.fromkeys([self.order, *chain.from_iterable(both)]))

    @cached_property
    def child_table(self) -> str:
        """The name of the type's own table."""
        return self.model._meta.db_table

    def codes_of(self, name: str) -> Mapping[str, str]:
        """ServiceNow's values for what a field may hold, by ours."""
        if name == "state":
            return {state.name: state.code for state in self.lifecycle.states if state.code}
        return self.codes.get(name, {})

    @cached_property
    def verbs(self) -> tuple[str, ...]:
        """Of every event a record of this type can have."""
        moves = (move.name for move in self.lifecycle.moves)
        switched_on = (verb for capability in self.capabilities for verb in capability.verbs)
        back = [TAKE_BACK] if self.lifecycle.moves else []
        return tuple(dict.fromkeys([*EVERY_TYPE, *moves, *back, *switched_on, *self.notes]))

    def has(self, capability: str) -> bool:
        """Whether the type switched a capability on."""
        return any(c.name == capability for c in self.capabilities)

    def offer(self, name: str) -> Callable[..., Any] | None:
        """What one of the capabilities lets a surface do, or None where no capability does."""
        return next((c.offers[name] for c in self.capabilities if name in c.offers), None)


class Shelf:
    """Every record type there is, found by name, by plural, by prefix or by model."""

    def __init__(self) -> None:
        self._types: dict[str, RecordType] = {}
        self._plurals: dict[str, RecordType] = {}
        self._models: dict[type, RecordType] = {}
        # What found its place taken; told with every other mistake, before anything is served.
        self.refused: list[str] = []

    def put(self, rtype: RecordType) -> RecordType:
        """Takes a declaration in, or keeps in `refused` what is wrong with it; gives it back either way."""
        for what, taken in (
            ("name", rtype.name in self._types),
            ("plural", rtype.plural in self._plurals),
        ):
            if taken:
                value = rtype.name if what == "name" else rtype.plural
                self.refused.append(f"two record types have the {what} '{value}'")
                return rtype
        if unfit := list(misfits.of(rtype, Capability)):
            self.refused += [f"{rtype.name}: {text}" for text in unfit]
            return rtype
        self._types[rtype.name] = self._plurals[rtype.plural] = self._models[rtype.model] = rtype
        return rtype

    def type(self, name: str) -> RecordType:
        """Raises KeyError for a name that is not on the shelf."""
        return self._types[name]

    def by_plural(self, plural: str) -> RecordType | None:
        """The type an address names, or None."""
        return self._plurals.get(plural)

    def of_model(self, model: Any) -> RecordType | None:
        """The type a table belongs to, or None."""
        return self._models.get(model)

    @property
    def types(self) -> tuple[RecordType, ...]:
        """All of them, in the order they were put."""
        return tuple(self._types.values())

    def __iter__(self) -> Iterator[RecordType]:
        return iter(self.types)

    def __contains__(self, name: str) -> bool:
        return name in self._types


shelf = Shelf()


def register(rtype: RecordType) -> RecordType:
    """Puts a declaration on the shelf; everything a type has follows from standing there."""
    return shelf.put(rtype)
