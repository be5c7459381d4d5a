"""From syntax to a condition: every name exists, every comparison makes sense."""

import difflib
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from mainstay.pure.conditions.parsing import Call, Listing, Literal, Name, Syntax, parse
from mainstay.pure.conditions.tree import (
    And,
    Compare,
    Condition,
    ConditionError,
    Const,
    FieldRef,
    In,
    IsSet,
    Kind,
    MyTeams,
    Not,
    Op,
    Or,
    TestName,
    TextTest,
    Value,
    all_of,
    any_of,
    opposite,
)
from mainstay.pure.conditions.values import NOUNS, WORDS_OF_OURS, operand, text_part

MAX_TEXT: Final = 4_000
MAX_NODES: Final = 500
MAX_DEPTH: Final = 12

_COMPARISONS: Final = {f"_{op}_": op for op in Op}
_TURNED: Final = {Op.LT: Op.GT, Op.LE: Op.GE, Op.GT: Op.LT, Op.GE: Op.LE}
_TESTS: Final[dict[str, TestName]] = {
    ".contains": "contains",
    ".startsWith": "startsWith",
    ".endsWith": "endsWith",
}
_UNORDERED: Final = (Kind.CHOICE, Kind.BOOL, Kind.REF, Kind.KEY)
_SEARCHED: Final = (Kind.TEXT, Kind.KEY)
_LISTED: Final = 12


def check(text: str, fields: Mapping[str, Kind]) -> Condition:
    """The condition `text` means over these fields, or a `ConditionError`.

    Pass only the fields the asker may read: a field that is hidden and one that does not exist then
    get the same answer.
    """
    if len(text) > MAX_TEXT:
        raise ConditionError(f"The condition is longer than {MAX_TEXT:,} characters.")
    return _checked(text, frozenset(fields.items()))


# The longest text becomes about 100 kB of tree: the cache is bounded with that in mind.
@lru_cache(maxsize=512)
def _checked(text: str, fields: frozenset[tuple[str, Kind]]) -> Condition:
    condition = _Reader(dict(fields)).condition(parse(text))
    if _depth(condition) > MAX_DEPTH:
        raise ConditionError("The condition is nested too deeply.")
    return condition


def _depth(condition: Condition) -> int:
    match condition:
        case And(parts) | Or(parts):
            return 1 + max(map(_depth, parts))
        case Not(part):
            return 1 + _depth(part)
        case _:
            return 1


class _Reader:
    """Reads one syntax tree against one set of fields."""

    def __init__(self, fields: Mapping[str, Kind]) -> None:
        self.fields = fields
        self.nodes = 0

    def condition(self, node: Syntax) -> Condition:
        self.count(1)
        match node:
            case Call("_&&_", arguments):
                return all_of(self.condition(part) for part in arguments)
            case Call("_||_", arguments):
                return any_of(self.condition(part) for part in arguments)
            case Call("!_", (argument,)):
                return opposite(self.condition(argument))
            case Call(function, (left, right)) if function in _COMPARISONS:
                return self.comparison(node, _COMPARISONS[function], left, right)
            case Call("@in", (left, right)):
                return self.membership(node, left, right)
            case Call(function, (left, right)) if function in _TESTS:
                return self.text_test(node, _TESTS[function], left, right)
            case Literal(bool(value)):
                return Const(value)
            case Name():
                return self.yes_or_no(node)
        raise _refusal(node)

    def comparison(self, node: Call, op: Op, left: Syntax, right: Syntax) -> Condition:
        if not self.is_field(left):
            left, right, op = right, left, _TURNED.get(op, op)
        if not self.is_field(left):
            raise _refusal(left if isinstance(left, Call) else right, "A comparison needs a field.")
        field = self.field(left)
        if isinstance(right, Literal) and right.value is None:
            if op not in (Op.EQ, Op.NE):
                raise ConditionError("null can only be compared with == or !=.", node.position)
            return IsSet(field) if op is Op.NE else Not(IsSet(field))
        if field.kind in _UNORDERED and op not in (Op.EQ, Op.NE):
            raise ConditionError(
                f"'{field.name}' is {NOUNS[field.kind]} and has no order; use == or !=.",
                node.position,
            )
        if self.is_field(right):
            other = self.field(right)
            if other.kind is not field.kind:
                raise ConditionError(
                    f"'{field.name}' is {NOUNS[field.kind]} and '{other.name}' is "
                    f"{NOUNS[other.kind]}; they cannot be compared.",
                    node.position,
                )
            return Compare(field, op, other)
        return Compare(field, op, operand(field, right))

    def membership(self, node: Call, left: Syntax, right: Syntax) -> Condition:
        field = self.field(left)
        if field.kind is Kind.BOOL:
            raise ConditionError(
                f"'{field.name}' is yes or no; write {field.name} or !{field.name}.", node.position
            )
        match right:
            case Name("my_teams") if field.kind is Kind.REF:
                return In(field, MyTeams())
            case Listing(()):
                raise ConditionError("The list after 'in' is empty.", right.position)
            case Listing(items):
                self.count(len(items))
                return In(field, tuple(operand(field, item) for item in items))
            case Name() if self.is_field(right):
                other = self.field(right)
                raise ConditionError(
                    f"'{other.name}' is one value; use {field.name} == {other.name}.",
                    right.position,
                )
            case _:
                raise ConditionError(
                    'After \'in\' comes a list such as ["a", "b"], or my_teams for a reference.',
                    right.position,
                )

    def text_test(self, node: Call, test: TestName, left: Syntax, right: Syntax) -> Condition:
        field = self.field(left)
        if field.kind not in _SEARCHED:
            raise ConditionError(
                f"'{field.name}' is {NOUNS[field.kind]}, not a text; {test} is for texts.",
                node.position,
            )
        return TextTest(field, test, text_part(field, test, right))

    def yes_or_no(self, node: Name) -> Condition:
        field = self.field(node)
        if field.kind is not Kind.BOOL:
            raise ConditionError(
                f"'{field.name}' alone is no condition: it is {NOUNS[field.kind]}. "
                "Compare it with something.",
                node.position,
            )
        return Compare(field, Op.EQ, Value(value=True))

    def is_field(self, node: Syntax) -> bool:
        return isinstance(node, Name) and node.name not in WORDS_OF_OURS

    def field(self, node: Syntax) -> FieldRef:
        if not isinstance(node, Name) or node.name in WORDS_OF_OURS:
            raise _refusal(node, "Only a field can be tested.")
        kind = self.fields.get(node.name)
        if kind is None:
            raise ConditionError(self.unknown(node.name), node.position)
        return FieldRef(node.name, kind)

    def unknown(self, name: str) -> str:
        said = f"There is no field '{name[:60]}'."
        known = sorted({*self.fields, *WORDS_OF_OURS})
        if near := difflib.get_close_matches(name[:60], known, n=1):
            return f"{said} Did you mean '{near[0]}'?"
        names = sorted(self.fields)
        more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
        return f"{said} There are: {', '.join(names[:_LISTED])}{more}." if names else said

    def count(self, more: int) -> None:
        self.nodes += more
        if self.nodes > MAX_NODES:
            raise ConditionError("The condition has too many parts.")


def _refusal(
    node: Syntax, said: str = "This is a value, not a condition. Compare a field with it."
) -> ConditionError:
    """Says what else somebody may have meant, or else `said`."""
    match node:
        case Call("_?_:_"):
            said = "'? :' is not part of the language. Use && and ||."
        case Call("_[_]"):
            said = "A field has no parts: write its bare name, without brackets."
        case Call("_+_" | "_-_" | "_*_" | "_/_" | "_%_" | "-_"):
            said = "There is no arithmetic with fields; only now and timestamps move by a duration."
        case Call(function) if function in _COMPARISONS or function in ("_&&_", "_||_", "!_"):
            said = "A condition cannot be compared; a comparison needs a field and a value."
        case Call("timestamp" | "duration"):
            pass
        case Call(function):
            known = "contains, startsWith, endsWith, timestamp and duration"
            said = f"There is no function '{function.lstrip('.')[:60]}' here. There are: {known}."
    return ConditionError(said, node.position)
