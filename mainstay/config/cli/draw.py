"""`mainstay draw incident`: the life of a record type as a Mermaid diagram."""

import argparse

from mainstay.pure.lifecycle import Kind
from mainstay.records.types import RecordType, shelf


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("type", choices=[rtype.name for rtype in shelf.types], metavar="TYPE")


def run(options: argparse.Namespace) -> int:
    print("\n".join(diagram(shelf.type(options.type))))
    return 0


def diagram(rtype: RecordType) -> list[str]:
    """One line a state with its kind, one an arrow; moves between the same two states share it."""
    lines = ["stateDiagram-v2", f"    [*] --> {rtype.lifecycle.first.name}"]
    for state in rtype.lifecycle.states:
        lines.append(f"    {state.name} : {state.label} ({state.kind})")
    arrows: dict[tuple[str, str], list[str]] = {}
    for move in rtype.lifecycle.moves:
        for source in move.sources:
            arrows.setdefault((source, move.target), []).append(move.name)
    lines += [
        f"    {source} --> {target} : {', '.join(names)}"
        for (source, target), names in arrows.items()
    ]
    ends = [state for state in rtype.lifecycle.states if Kind(state.kind).is_final]
    return lines + [f"    {state.name} --> [*]" for state in ends]
