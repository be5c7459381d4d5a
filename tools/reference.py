"""Write docs/reference from the shelf, so that what it says is what is served.

One page for each record type, one for REST, one for settings, one for the command line, and their index:
`.venv/bin/python tools/reference.py`, or `make derived` with the other files that follow from the code.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "reference"
WRITTEN = "Written from the code by `tools/reference.py`; change the code and run `make derived`."
# What each of the engine's own verbs is told for.
ENGINE = {
    "create": "it was created",
    "change": "fields were changed by hand",
    "link": "it was linked with another record",
    "unlink": "such a link was taken away",
    "remove": "it was removed from every list",
    "restore": "a removal was taken back",
    "take_back": "a move was taken back where no move leads back",
}
KINDS = {
    "text": "text",
    "long": "long text",
    "choice": "choice",
    "number": "whole number",
    "bool": "yes or no",
    "time": "time",
    "date": "day",
    "data": "JSON",
}
READS = {
    "text": "text",
    "flag": "on or off",
    "number": "whole number",
    "address": "address",
}


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[str]:
    """A Markdown table; empty where it has no rows."""
    listed = [[str(cell).replace("|", "\\|") for cell in row] for row in rows]
    if not listed:
        return []
    return [
        f"| {' | '.join(heads)} |",
        f"|{'---|' * len(heads)}",
        *(f"| {' | '.join(row)} |" for row in listed),
        "",
    ]


def code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def whole(lines: Iterable[str]) -> str:
    """A page of its lines."""
    return "\n".join(lines).rstrip("\n") + "\n"


def of_type(rtype: Any) -> Iterator[str]:
    yield from (f"# {rtype.label_plural}", "", WRITTEN, "")
    switched_on = ", ".join(capability.name for capability in rtype.capabilities) or "none"
    yield (
        f"Type `{rtype.name}`, numbered {rtype.prefix}-1 and on; listed at `/{rtype.plural}/` and, for programs, at"
        f" `/api/v1/{rtype.plural}` ([all paths](api.md#{rtype.plural})). Capabilities: {switched_on}."
    )
    yield ""
    yield from _fields(rtype)
    yield from _choices(rtype)
    yield from _life(rtype)
    yield from _access(rtype)
    yield from _events(rtype)
    yield from _lists(rtype)


def _fields(rtype: Any) -> Iterator[str]:
    from mainstay.config.cli.explain import in_words
    from mainstay.records import fields

    def row(field: Any) -> tuple[str, ...]:
        asked = [m.name for m in rtype.lifecycle.moves if field.name in m.asks]
        needed = [m.name for m in rtype.lifecycle.moves if field.name in m.needs]
        ways = ["the form"] if field.name in rtype.form else []
        ways += ["the portal"] if field.name in rtype.portal_form else []
        ways += [f"on {code([*needed, *asked])}"] if needed or asked else []
        must = ["always"] if field.required and field.writable else []
        must += [f"to {code(needed)}"] if needed else []
        holds = KINDS.get(field.kind) or f"reference to `{field.target}`"
        if field.kind == "text" and field.max_length < fields.UNLIMITED:
            holds += f" to {field.max_length} signs"
        private = rtype.private.get(field.name)
        return (
            f"`{field.name}`",
            str(field.label),
            holds,
            in_words(private) if private else "whoever sees the record",
            ", ".join(ways) if field.writable else "Mainstay itself",
            ", ".join(must),
        )

    yield from ("## Fields", "")
    heads = ("field", "called", "holds", "read by", "set in", "required")
    yield from table(heads, (row(field) for field in fields.of(rtype).values()))
    yield (
        "The form is for who may create or change one; what is set on a move, for who may make the move. A program sets"
        " the same fields by the same names. A field somebody may not read does not exist for them: in no list,"
        " filter, schema or history."
    )
    yield ""


def _choices(rtype: Any) -> Iterator[str]:
    from mainstay.records import fields

    rows = [
        (f"`{field.name}`", f"`{value}`", label, codes.get(value, ""))
        for field in fields.of(rtype).values()
        if field.choices and field.name != "state"
        for codes in [rtype.codes_of(field.name)]
        for value, label in field.choices
    ]
    if rows:
        yield from ("## Choices", "", "The code is the value ServiceNow exports.", "")
        yield from table(("field", "value", "reads", "code"), rows)


def _life(rtype: Any) -> Iterator[str]:
    life = rtype.lifecycle
    yield from ("## Life", "")
    states = ((f"`{s.name}`", s.label, s.kind, s.code) for s in life.states)
    yield from table(("state", "reads", "kind", "code"), states)
    moves = (
        (
            f"`{move.name}`",
            move.label,
            code(move.sources),
            f"`{move.target}`",
            code(move.needs),
            code(move.asks),
            {"all": "to everybody who sees it", "internal": "internal"}.get(move.message or "", ""),
        )
        for move in life.moves
    )
    yield from table(("move", "reads", "from", "to", "needs", "may take", "text"), moves)


def _access(rtype: Any) -> Iterator[str]:
    from mainstay.config.cli.explain import in_words

    yield from ("## Who may", "")
    moves = [move.name for move in rtype.lifecycle.moves]
    verbs = ("see", "create", "change", "note", "remove", "restore", *moves)
    yield from table(
        ("verb", "who"), ((f"`{v}`", in_words(rtype.access.rule_for(v))) for v in verbs)
    )


def _events(rtype: Any) -> Iterator[str]:
    from mainstay.records import reactions

    moves = {move.name: f"the move *{move.label}*" for move in rtype.lifecycle.moves}
    offered = {v: f"the capability {c.name}" for c in rtype.capabilities for v in c.verbs}
    names = [f"{rtype.name}.{verb}" for verb in rtype.verbs]
    heard = {n: [*reactions.inline_for(n), *reactions.later_for(n)] for n in names}
    always = [r for r in heard[names[0]] if all(r in listed for listed in heard.values())]
    rows = []
    for verb, name in zip(rtype.verbs, names, strict=True):
        # What a command of the type's own notes may be called as a move is.
        by = [told[verb] for told in (ENGINE, moves, offered) if verb in told]
        by += ["a command of its own"] if verb in rtype.notes else []
        listening = dict.fromkeys(f"`{r.name}`" for r in heard[name] if r not in always)
        rows.append((f"`{name}`", " or ".join(by), ", ".join(listening)))
    yield from ("## Events", "")
    yield f"All of them are heard by {code(r.name for r in always)}; some by others, too."
    yield ""
    yield from table(("event", "because of", "heard by"), rows)


def _lists(rtype: Any) -> Iterator[str]:
    yield from ("## Lists and links", "")
    views = ((f"`{v.name}`", v.label, f"`{v.where}`" if v.where else "") for v in rtype.views)
    yield from table(("view", "reads", "condition"), views)
    links = (
        (f"`{kind}`", link.label, link.inverse, code(link.targets))
        for kind, link in rtype.links.items()
    )
    yield from table(("link", "reads", "back", "to"), links)


def of_api() -> Iterator[str]:
    from mainstay.surfaces.api.openapi import document

    yield from ("# REST", "", WRITTEN, "")
    yield (
        "Every path stands under `/api/v1`. How one signs in, pages, filters and writes safely:"
        " [the guide](../guides/api.md). Bodies and answers: `/api/v1/openapi.json`."
    )
    yield ""
    sections: dict[str, list[tuple[str, str, str]]] = {}
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            if isinstance(operation, dict):
                row = (f"`{method.upper()}`", f"`{path}`", operation["summary"])
                sections.setdefault(operation["tags"][0], []).append(row)
    for tag, rows in sections.items():
        yield from (f"## {tag}", "")
        yield from table(("method", "path", "does"), rows)


def settings() -> dict[str, tuple[str, str]]:
    """What each environment variable is read as, and its default, from the calls that read them."""
    found: dict[str, tuple[str, str]] = {}
    for path in sorted((ROOT / "mainstay").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and ast.unparse(node.func.value) == "environment"
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                words = [a.value for a in node.args[1:] if isinstance(a, ast.Constant)]
                default = str(words[-1]) if words else ""
                reads = READS.get(node.func.attr) or f"one of {code(_words(node.args[1]))}"
                found[node.args[0].value] = (reads, default)
    return dict(sorted(found.items()))


def _words(node: ast.expr) -> Sequence[str]:
    """What may be chosen: written down where it is read, or under a name there."""
    from mainstay.config.settings import base

    if isinstance(node, ast.Tuple):
        return ast.literal_eval(node)  # type: ignore[no-any-return]
    return attrgetter(ast.unparse(node))(base)  # type: ignore[no-any-return]


def of_settings() -> Iterator[str]:
    yield from ("# Settings", "", WRITTEN, "")
    yield "Environment variables, none of them required. What each is for: [the guide](../guides/settings.md)."
    yield ""
    yield from table(
        ("variable", "read as", "default"),
        ((f"`{name}`", reads, default) for name, (reads, default) in settings().items()),
    )


def of_commands() -> Iterator[str]:
    from mainstay.__main__ import COMMANDS

    yield from ("# The command line", "", WRITTEN, "")
    yield "Every command also takes `--data DIR` (default `./var`) and `--help`."
    yield ""
    for name, purpose in COMMANDS.items():
        parser = argparse.ArgumentParser(prog=f"mainstay {name}", add_help=False)
        import_module(f"mainstay.config.cli.{name}").arguments(parser)
        yield from (f"## mainstay {name}", "", f"{purpose[0].upper()}{purpose[1:]}.", "")
        yield from _arguments(parser)


def _arguments(parser: argparse.ArgumentParser) -> Iterator[str]:
    own = [a for a in parser._actions if a.dest != "help"]
    plain = [a for a in own if not isinstance(a, argparse._SubParsersAction)]
    yield from table(
        ("argument", "means", "required"), ((f"`{_named(a)}`", _means(a), _must(a)) for a in plain)
    )
    for action in own:
        if isinstance(action, argparse._SubParsersAction):
            said = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, inner in action.choices.items():
                yield from (f"`{parser.prog} {name}`: {said.get(name, '')}", "")
                yield from _arguments(inner)


def _named(action: argparse.Action) -> str:
    if not action.option_strings:
        return str(action.metavar or action.dest)
    value = "" if action.nargs == 0 else f" {action.metavar or action.dest.upper()}"
    return f"{action.option_strings[-1]}{value}"


def _means(action: argparse.Action) -> str:
    said = (action.help or "").replace("%(default)s", str(action.default))
    choices = f" one of {code(map(str, action.choices))}" if action.choices else ""
    return re.sub(r"\s+", " ", f"{said}{';' * bool(said and choices)}{choices}").strip()


def _must(action: argparse.Action) -> str:
    return "yes" if action.required else ""


def of_index() -> Iterator[str]:
    from mainstay.records.types import shelf

    yield from ("# Reference", "", WRITTEN, "")
    yield "- [REST](api.md): every path with what it does"
    yield "- [Settings](settings.md): every environment variable"
    yield "- [The command line](commands.md): every command with its arguments"
    yield ""
    yield "A page for each record type: its fields, choices, life, rights, events, lists and links."
    yield ""
    yield from table(
        ("type", "numbers", "fields", "moves", "events"),
        (
            (
                f"[{rtype.label_plural}]({rtype.name}.md)",
                f"{rtype.prefix}-1",
                len(import_module("mainstay.records.fields").of(rtype)),
                len(rtype.lifecycle.moves),
                len(rtype.verbs),
            )
            for rtype in shelf
        ),
    )


def pages() -> dict[str, str]:
    """The text of every page by the name of its file. Needs Django to be set up."""
    from mainstay.records.types import shelf

    written = {
        "README.md": of_index(),
        "api.md": of_api(),
        "settings.md": of_settings(),
        "commands.md": of_commands(),
        **{f"{rtype.name}.md": of_type(rtype) for rtype in shelf},
    }
    return {name: whole(lines) for name, lines in written.items()}


def main() -> None:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings.test")
    import django

    django.setup()
    TARGET.mkdir(exist_ok=True)
    there = pages()
    for path in TARGET.glob("*.md"):
        if path.name not in there:
            path.unlink()
    for name, text in there.items():
        (TARGET / name).write_text(text)
    print(f"{len(there)} pages in {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
