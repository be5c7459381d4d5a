"""A condition read as SQL: the `WHERE` that finds what `pure.conditions.matches` says yes to.

It is SQL text and not a Django `Q` because the logic of NULL is then the one the language means,
also under a "not", and because nothing has to be compiled per request.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from mainstay.pure.conditions import (
    And,
    Compare,
    Condition,
    Const,
    Env,
    FieldRef,
    In,
    IsSet,
    Kind,
    Me,
    MyTeams,
    Not,
    Now,
    Op,
    Operand,
    Or,
    TextTest,
    Value,
)
from mainstay.pure.text import fold, unhyphenated
from mainstay.records.folding import META, folded, holding
from mainstay.records.folding import NAME as FOLD

# An id no record has. A number that names no record is then unlike every reference, as it is in
# Python; plain NULL would make the comparison unknown. It also makes a list that is empty legal.
_NOBODY: Final = "-1"
_ID: Final = f"COALESCE((SELECT id FROM records_record WHERE number = %s), {_NOBODY})"
_SQL_OPS: Final = {Op.EQ: "=", Op.NE: "<>"}
_EMPTY_IS_UNSET: Final = (Kind.TEXT, Kind.CHOICE, Kind.KEY)
_TRUE_OF_EMPTY: Final = (Op.NE, Op.LT, Op.LE)
_LIKE: Final = {"contains": "%{}%", "startsWith": "{}%", "endsWith": "%{}"}


@dataclass(frozen=True, slots=True)
class Column:
    """Where a field is in the query: an SQL expression over raw columns (a reference's is an id).

    `adapt` turns a Python value into the parameter the database compares with, as
    `connection.ops.adapt_datetimefield_value` does for times.
    """

    sql: str
    kind: Kind
    adapt: Callable[[Any], Any] | None = None


def sql(
    condition: Condition, columns: Mapping[str, Column], env: Env, vendor: str
) -> tuple[str, list[Any]]:
    """A boolean SQL expression with `%s` in place of parameters, and the parameters.

    `vendor` is "sqlite" or "postgresql". Both must know `mainstay_fold` (`records/folding.py`).
    """
    writer = _Writer(columns, env, vendor)
    return writer.of(condition, negated=False), writer.params


class _Writer:
    """Writes from left to right and keeps the parameters in that order.

    `negated` says that an odd number of "not" stands around. It matters for texts alone: an empty
    text counts as not set, which costs a NULLIF that no index knows. Where "false" and "unknown"
    come to the same in the end, the bare column does.
    """

    def __init__(self, columns: Mapping[str, Column], env: Env, vendor: str) -> None:
        self.columns = columns
        self.env = env
        self.vendor = vendor
        self.params: list[Any] = []

    def of(self, condition: Condition, *, negated: bool) -> str:
        match condition:
            case And(parts):
                return f"({' AND '.join(self.of(part, negated=negated) for part in parts)})"
            case Or(parts):
                return f"({' OR '.join(self.of(part, negated=negated) for part in parts)})"
            case Not(IsSet(field)):
                return self.is_unset(field)
            case Not(part):
                return f"NOT ({self.of(part, negated=not negated)})"
            case Compare(FieldRef(kind=Kind.BOOL) as field, op, Value(value)):
                column = self.columns[field.name].sql
                return column if (op is Op.EQ) is (value is True) else f"NOT {column}"
            case Compare(field, op, operand):
                return self.comparison(field, op, operand, negated=negated)
            case In(field, items):
                return self.membership(field, items, negated=negated)
            case TextTest(field, test, text):
                return self.part(field, test, fold(text), bare=not negated)
            case IsSet(field):
                return f"NOT {self.is_unset(field)}"
            case Const(value):
                return "TRUE" if value else "FALSE"
        raise TypeError(f"{condition!r} is no condition")

    def comparison(self, field: FieldRef, op: Op, operand: Operand, *, negated: bool) -> str:
        bare = (op in _TRUE_OF_EMPTY) is negated and not isinstance(operand, FieldRef)
        column = self.column(field, bare=bare)
        if field.kind is Kind.TEXT and op not in _SQL_OPS and self.vendor == "postgresql":
            # By code points, as Python and SQLite order texts.
            column += ' COLLATE "C"'
        return f"{column} {_SQL_OPS.get(op, op)} {self.operand(field, operand)}"

    def part(self, field: FieldRef, test: str, wanted: str, *, bare: bool) -> str:
        column = self.bare_or_unset(field, bare=bare)
        if field.kind is Kind.TEXT and test == "contains":
            text, params = holding(column, unhyphenated(wanted), self.vendor)
            self.params += params
            return text
        self.params.append(_LIKE[test].format(wanted.translate(META)))
        return f"{folded(column, self.vendor)} LIKE %s ESCAPE '\\'"

    def membership(
        self, field: FieldRef, items: tuple[Operand, ...] | MyTeams, *, negated: bool
    ) -> str:
        column = self.column(field, bare=not negated)
        if isinstance(items, MyTeams):
            self.params += self.env.team_ids
            listed = ["%s"] * len(self.env.team_ids) or [_NOBODY]
        else:
            listed = [self.operand(field, item) for item in items]
        return f"{column} IN ({', '.join(listed)})"

    def is_unset(self, field: FieldRef) -> str:
        column = self.columns[field.name].sql
        if field.kind in _EMPTY_IS_UNSET:
            return f"({column} IS NULL OR {column} = '')"
        return f"({column} IS NULL)"

    def column(self, field: FieldRef, *, bare: bool) -> str:
        column = self.bare_or_unset(field, bare=bare)
        return f"{FOLD}({column})" if field.kind is Kind.TEXT else column

    def bare_or_unset(self, field: FieldRef, *, bare: bool) -> str:
        """The column as it is, or with what is empty as not set."""
        column = self.columns[field.name].sql
        return f"NULLIF({column}, '')" if field.kind in _EMPTY_IS_UNSET and not bare else column

    def operand(self, field: FieldRef, operand: Operand) -> str:
        match operand:
            case FieldRef():
                return self.column(operand, bare=False)
            case Me():
                self.params.append(self.env.me_id)
            case Now():
                env = self.env
                is_day = field.kind is Kind.DATE
                self.param(field, env.day(operand) if is_day else env.moment(operand))
            case Value(value):
                self.param(field, fold(str(value)) if field.kind is Kind.TEXT else value)
                if field.kind is Kind.REF:
                    return _ID
        return "%s"

    def param(self, field: FieldRef, value: Any) -> None:
        adapt = self.columns[field.name].adapt
        if adapt is not None:
            value = adapt(value)
        elif isinstance(value, Decimal) and self.vendor == "sqlite":
            value = float(value)
        self.params.append(value)
