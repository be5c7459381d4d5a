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
from mainstay.pure.conditions.values import WORDS_OF_OURS, noun, operand, text_part
from mainstay.pure.language import gettext as _

MAX_TEXT: Final = 4_000
MAX_NODES: Final = 500
MAX_DEPTH: Final = 12
# How often a text may be compared: no index helps there, and each time every record is read.
MAX_TEXTS: Final = 16

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
        raise ConditionError(
            _("The condition is longer than %(most)s characters.") % {"most": f"{MAX_TEXT:,}"}
        )
    return _checked(text, frozenset(fields.items()))


# The longest text becomes about 100 kB of tree: the cache is bounded with that in mind.
@lru_cache(maxsize=512)
def _checked(text: str, fields: frozenset[tuple[str, Kind]]) -> Condition:
    condition = _Reader(dict(fields)).condition(parse(text))
    if _depth(condition) > MAX_DEPTH:
        raise ConditionError(_("The condition is nested too deeply."))
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
        self.nodes = self.texts = 0

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
            raise _refusal(
                left if isinstance(left, Call) else right, _("A comparison needs a field.")
            )
        field = self.field(left)
        if isinstance(right, Literal) and right.value is None:
            if op not in (Op.EQ, Op.NE):
                raise ConditionError(_("null can only be compared with == or !=."), node.position)
            return IsSet(field) if op is Op.NE else Not(IsSet(field))
        self.compare(field, node)
        if field.kind in _UNORDERED and op not in (Op.EQ, Op.NE):
            raise ConditionError(
                _("'%(field)s' is %(kind)s and has no order; use == or !=.")
                % {"field": field.name, "kind": noun(field.kind)},
                node.position,
            )
        if self.is_field(right):
            other = self.field(right)
            if other.kind is not field.kind:
                raise ConditionError(
                    _(
                        "'%(field)s' is %(kind)s and '%(other)s' is %(other_kind)s; they cannot "
                        "be compared."
                    )
                    % {
                        "field": field.name,
                        "kind": noun(field.kind),
                        "other": other.name,
                        "other_kind": noun(other.kind),
                    },
                    node.position,
                )
            return Compare(field, op, other)
        return Compare(field, op, operand(field, right))

    def membership(self, node: Call, left: Syntax, right: Syntax) -> Condition:
        field = self.field(left)
        self.compare(field, node)
        if field.kind is Kind.BOOL:
            raise ConditionError(
                _("'%(field)s' is yes or no; write %(field)s or !%(field)s.")
                % {"field": field.name},
                node.position,
            )
        match right:
            case Name("my_teams") if field.kind is Kind.REF:
                return In(field, MyTeams())
            case Listing(()):
                raise ConditionError(_("The list after 'in' is empty."), right.position)
            case Listing(items):
                self.count(len(items))
                return In(field, tuple(operand(field, item) for item in items))
            case Name() if self.is_field(right):
                other = self.field(right)
                raise ConditionError(
                    _("'%(other)s' is one value; use %(field)s == %(other)s.")
                    % {"other": other.name, "field": field.name},
                    right.position,
                )
            case _:
                raise ConditionError(
                    _('After \'in\' comes a list such as ["a", "b"], or my_teams for a reference.'),
                    right.position,
                )

    def text_test(self, node: Call, test: TestName, left: Syntax, right: Syntax) -> Condition:
        field = self.field(left)
        if field.kind not in _SEARCHED:
            raise ConditionError(
                _("'%(field)s' is %(kind)s, not a text; %(test)s is for texts.")
                % {"field": field.name, "kind": noun(field.kind), "test": test},
                node.position,
            )
        self.compare(field, node)
        return TextTest(field, test, text_part(field, test, right))

    def yes_or_no(self, node: Name) -> Condition:
        field = self.field(node)
        if field.kind is not Kind.BOOL:
            raise ConditionError(
                _("'%(field)s' alone is no condition: it is %(kind)s. Compare it with something.")
                % {"field": field.name, "kind": noun(field.kind)},
                node.position,
            )
        return Compare(field, Op.EQ, Value(value=True))

    def is_field(self, node: Syntax) -> bool:
        return isinstance(node, Name) and node.name not in WORDS_OF_OURS

    def field(self, node: Syntax) -> FieldRef:
        if not isinstance(node, Name) or node.name in WORDS_OF_OURS:
            raise _refusal(node, _("Only a field can be tested."))
        kind = self.fields.get(node.name)
        if kind is None:
            raise ConditionError(self.unknown(node.name), node.position)
        return FieldRef(node.name, kind)

    def unknown(self, name: str) -> str:
        said = _("There is no field '%(name)s'.") % {"name": name[:60]}
        known = sorted({*self.fields, *WORDS_OF_OURS})
        if near := difflib.get_close_matches(name[:60], known, n=1):
            return said + " " + _("Did you mean '%(name)s'?") % {"name": near[0]}
        names = sorted(self.fields)
        if not names:
            return said
        listed, left = ", ".join(names[:_LISTED]), len(names) - _LISTED
        if left > 0:
            more = _("There are: %(names)s and %(n)d more.") % {"names": listed, "n": left}
        else:
            more = _("There are: %(names)s.") % {"names": listed}
        return f"{said} {more}"

    def count(self, more: int) -> None:
        self.nodes += more
        if self.nodes > MAX_NODES:
            raise ConditionError(_("The condition has too many parts."))

    def compare(self, field: FieldRef, node: Syntax) -> None:
        self.texts += field.kind is Kind.TEXT
        if self.texts > MAX_TEXTS:
            told = _("Texts are compared more than %(most)s times; that takes too long.")
            raise ConditionError(told % {"most": MAX_TEXTS}, node.position)


def _refusal(node: Syntax, said: str = "") -> ConditionError:
    """Says what else somebody may have meant, or else `said`."""
    said = said or _("This is a value, not a condition. Compare a field with it.")
    match node:
        case Call("_?_:_"):
            said = _("'? :' is not part of the language. Use && and ||.")
        case Call("_[_]"):
            said = _("A field has no parts: write its bare name, without brackets.")
        case Call("_+_" | "_-_" | "_*_" | "_/_" | "_%_" | "-_"):
            said = _(
                "There is no arithmetic with fields; only now and timestamps move by a duration."
            )
        case Call(function) if function in _COMPARISONS or function in ("_&&_", "_||_", "!_"):
            said = _("A condition cannot be compared; a comparison needs a field and a value.")
        case Call("timestamp" | "duration"):
            pass
        case Call(function):
            said = _(
                "There is no function '%(name)s' here. There are: contains, startsWith, "
                "endsWith, timestamp and duration."
            ) % {"name": function.lstrip(".")[:60]}
    return ConditionError(said, node.position)
