"""`mainstay explain incident.create`: what happens on an event, in order, with files and lines."""

from __future__ import annotations

import argparse
import inspect
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import FunctionType
from typing import Any

from mainstay.pure.rules import (
    Both,
    Either,
    Everyone,
    Mine,
    MyTeams,
    Nobody,
    Role,
    Rule,
    Staff,
    Without,
)
from mainstay.records import commands, journal, prepared, reactions, undoing, values
from mainstay.records.errors import Missing
from mainstay.records.numbering import next_number
from mainstay.records.steps import check
from mainstay.records.types import EVERY_TYPE, TAKE_BACK, RecordType, shelf

# Commands that ask for another right than one of their own name.
RIGHTS = {
    commands.link: "change",
    commands.unlink: "change",
    commands.restore: "remove",
    commands.note: "note",
    commands.note_on: "note",
}
# A command of a capability or of a practice calls one of these.
NOTES = {"note", "note_on"}
PACKAGE = Path(__file__).resolve().parents[3]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("event", metavar="TYPE.VERB", help="incident.create, incident.resolve, …")


def run(options: argparse.Namespace) -> int:
    name, _, verb = options.event.partition(".")
    if name not in shelf:
        known = ", ".join(rtype.name for rtype in shelf)
        raise Missing(f"record type '{name}'; there are {known}")
    rtype = shelf.type(name)
    if verb not in rtype.verbs:
        known = ", ".join(f"{name}.{verb}" for verb in rtype.verbs)
        raise Missing(f"event '{options.event}'; there are {known}")
    print("\n".join(story(rtype, verb)))
    return 0


def story(rtype: RecordType, verb: str) -> Iterator[str]:
    event = f"{rtype.name}.{verb}"
    yield f"{event}: {rtype.label}, declared in {declaration(rtype)}"
    yield ""
    yield "In one transaction:"
    for number, (title, where) in enumerate(steps(rtype, verb), 1):
        yield line(f"{number:>3}. {title}", where)
    yield from heard(
        "In the same transaction, where each may still refuse:", reactions.inline_for(event)
    )
    yield from heard("After the commit, in the worker:", reactions.later_for(event))


def heard(title: str, listening: tuple[reactions.Reaction, ...]) -> Iterator[str]:
    if not listening:
        return
    yield ""
    yield title
    for number, reaction in enumerate(listening, 1):
        yield line(
            f"{number:>3}. {summary(reaction.run)} [{reaction.pattern}]", place(reaction.run)
        )


def steps(rtype: RecordType, verb: str) -> Iterator[tuple[str, str]]:
    """The engine's steps for a verb, with what this type's declaration puts into each."""
    move = next((move for move in rtype.lifecycle.moves if move.name == verb), None)
    run = command(rtype, verb)
    yield opening(rtype, verb, run), place(run)
    if (own := offered(rtype, verb) or own_command(rtype, verb)) is not None:
        yield f"asked for by {summary(own)}", place(own)
    writes = run in (commands.create, commands.change, commands.move, commands.write_on)
    if writes:
        yield f"fill: {summary(values.read)}", place(values.read)
    if (rule := who_may(rtype, verb)) is not None:
        yield f"who may: {in_words(rule)}", declared(rtype, r"access=Access\(")
    elif verb == TAKE_BACK:
        yield "who may: whoever may make the move that is taken back", place(run)
    elif own is not None:
        yield f"who may: as {own.__name__} itself asks", place(own)
    if move:
        needs = f", needs {', '.join(move.needs)}" if move.needs else ""
        yield (
            f"{' or '.join(move.sources)} → {move.target}{needs}",
            declared(rtype, rf"Move\(\s*[\"']{verb}[\"']"),
        )
    elif verb == "create":
        first = rtype.lifecycle.first.name
        yield f"state {first}", declared(rtype, rf"State\(\s*[\"']{first}[\"']")
    if writes:
        for derive in rtype.derive:
            yield f"derive: {summary(derive)}", place(derive)
        for guard in rtype.guards:
            yield f"guard: {summary(guard)}", place(guard)
        yield f"check: {summary(check)}", place(check)
    if verb == "create":
        yield f"number {rtype.prefix}-…: {summary(next_number)}", place(next_number)
        yield f"save: {summary(prepared.insert)}", place(prepared.insert)
    elif writes:
        yield f"save: {summary(commands.write_on)}", place(commands.write_on)
    yield f"event {rtype.name}.{verb}: {summary(journal.settle)}", place(journal.settle)


def command(rtype: RecordType, verb: str) -> Callable[..., Any]:
    """The engine's command behind a verb; what a capability does by itself writes, people's words are notes."""
    if any(move.name == verb for move in rtype.lifecycle.moves):
        return commands.move
    if verb in EVERY_TYPE:
        return getattr(commands, verb)  # type: ignore[no-any-return]
    if verb == TAKE_BACK:
        return undoing.take_back
    if is_mainstays_own(rtype, verb):
        return commands.write_on
    asks = offered(rtype, verb)
    return commands.note if asks and "note" in asks.__code__.co_names else commands.note_on


def offered(rtype: RecordType, verb: str) -> FunctionType | None:
    """What a capability lets people do by this verb: the one of its offers that notes something."""
    return next(
        (
            asks
            for each in rtype.capabilities
            if verb in each.verbs
            for asks in each.offers.values()
            if isinstance(asks, FunctionType) and NOTES & set(asks.__code__.co_names)
        ),
        None,
    )


def own_command(rtype: RecordType, verb: str) -> FunctionType | None:
    """The command in the `commands.py` beside the type's table that notes this verb."""
    name = f"{rtype.model.__module__.rpartition('.')[0]}.commands"
    if verb not in rtype.notes or find_spec(name) is None:
        return None
    beside = import_module(name)
    return next(
        (
            function
            for function in vars(beside).values()
            if isinstance(function, FunctionType)
            and verb in function.__code__.co_consts
            and NOTES & set(function.__code__.co_names)
        ),
        None,
    )


def is_mainstays_own(rtype: RecordType, verb: str) -> bool:
    """Whether it comes from a capability that offers people nothing, and so works by itself."""
    return any(verb in each.verbs and not each.offers for each in rtype.capabilities)


def who_may(rtype: RecordType, verb: str) -> Rule | None:
    """None where a command of the type's own asks for a right of its own."""
    if verb in rtype.notes or verb == TAKE_BACK:
        return None
    if is_mainstays_own(rtype, verb):
        return Nobody()
    return rtype.access.rule_for(RIGHTS.get(command(rtype, verb), verb))


def opening(rtype: RecordType, verb: str, run: Callable[..., Any]) -> str:
    if run is commands.move:
        return f'commands.move({rtype.name}, key, "{verb}", data, by)'
    if verb in EVERY_TYPE:
        return f"commands.{verb}({rtype.name}, …)"
    if verb == TAKE_BACK:
        return f"undoing.take_back({rtype.name}, key, event, by)"
    given = "key" if run is commands.note else "record"
    return f'commands.{run.__name__}({rtype.name}, {given}, "{verb}", …)'


def in_words(rule: Rule) -> str:
    """An access rule as a reader says it."""
    match rule:
        case Everyone():
            return "whoever is signed in"
        case Nobody():
            return "nobody but Mainstay itself"
        case Role(names=names):
            return f"role {' or '.join(names)}"
        case Staff(names=names):
            return f"role {' or '.join(names)}, for whatever scope"
        case Mine("requested_for_id"):
            return "whom the record is requested for"
        case Mine(column=column):
            return f"who is the record's {column.removesuffix('_id')}"
        case MyTeams():
            return "members of its team"
        case Without(columns=columns):
            return f"where it has no {' and no '.join(c.removesuffix('_id') for c in columns)}"
        case Either(rules=rules):
            return ", or ".join(in_words(part) for part in rules)
        case Both(rules=rules):
            return " and ".join(
                f"({in_words(part)})" if isinstance(part, Either) else in_words(part)
                for part in rules
            )
    return repr(rule)


def summary(function: Callable[..., Any]) -> str:
    """A function's name and the first sentence of its docstring."""
    name = function.__name__
    text = (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ")
    sentence = re.split(r"(?<=[.!?])\s", text)[0]
    return f"{name}: {sentence}" if sentence else name


def place(thing: Callable[..., Any]) -> str:
    source = inspect.unwrap(thing)
    _, number = inspect.getsourcelines(source)
    return f"{shown(inspect.getsourcefile(source))}:{number}"


def declaration(rtype: RecordType) -> str:
    """The line that names the type, found in the text: a value does not know where it stands."""
    there = _naming(rtype)
    return _at(*there) if there else shown(inspect.getsourcefile(rtype.model))


def declared(rtype: RecordType, wanted: str) -> str:
    """Where a part of the declaration begins: the first after the type's name, else the last before or beside it."""
    there = _naming(rtype)
    if there is None:
        return declaration(rtype)
    found = list(_matches(there[0].parent, wanted))
    after = [at for at in found if at[0] == there[0] and at[1] > there[1]]
    before = [at for at in found if at[0] == there[0] and at[1] < there[1]]
    beside = [at for at in found if at[0] != there[0]]
    chosen = after[:1] or before[-1:] or beside[:1]
    return _at(*chosen[0]) if chosen else declaration(rtype)


def _naming(rtype: RecordType) -> tuple[Path, int] | None:
    model = Path(inspect.getsourcefile(rtype.model) or "")
    return next(_matches(model.parent, rf"""name=["']{rtype.name}["']"""), None)


def _matches(folder: Path, wanted: str) -> Iterator[tuple[Path, int]]:
    for path in sorted(folder.glob("*.py")):
        text = path.read_text()
        for found in re.finditer(wanted, text):
            yield path, text.count("\n", 0, found.start()) + 1


def _at(path: Path, number: int) -> str:
    return f"{shown(path)}:{number}"


def shown(path: Path | str | None) -> str:
    """Relative to the repository, or to the folder the package was installed into."""
    whole = Path(path or "").resolve()
    return whole.relative_to(PACKAGE).as_posix() if whole.is_relative_to(PACKAGE) else str(whole)


def line(text: str, where: str) -> str:
    return f"{text}\n       {where}"
