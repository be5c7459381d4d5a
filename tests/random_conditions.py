"""Random conditions over random rows: what the two readings of a condition are compared on."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from mainstay.pure.conditions import (
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
    Now,
    Op,
    Operand,
    TextTest,
    Value,
    all_of,
    any_of,
    opposite,
)
from mainstay.pure.text import fold

FIELDS = {
    "number": Kind.KEY,
    "title": Kind.TEXT,
    "summary": Kind.TEXT,
    "state": Kind.CHOICE,
    "type": Kind.CHOICE,
    "priority": Kind.NUMBER,
    "effort": Kind.NUMBER,
    "is_open": Kind.BOOL,
    "is_major": Kind.BOOL,
    "created_at": Kind.TIME,
    "due_at": Kind.TIME,
    "starts_on": Kind.DATE,
    "ends_on": Kind.DATE,
    "team": Kind.REF,
    "assignee": Kind.REF,
}
IDS = {"TEAM-1": 11, "TEAM-2": 12, "USER-1": 1, "USER-2": 2}
NOW = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)

_letters = st.text("aA -zŽžßsSøOİıIiΣσςÉé\u0301%_\\'\"æÆＡ한я", max_size=5)
_texts = _letters | st.text(max_size=3).filter(lambda text: "\x00" not in text)
_numbers = st.sampled_from(["INC-1", "INC-12", "CI-1"])
_choices = st.sampled_from(["new", "New", "on_hold", "on%hold", "ž"])
_times = st.builds(
    lambda days, micros: NOW + timedelta(days=days, microseconds=micros),
    st.integers(-2, 2),
    st.sampled_from([-1, 0, 1, 500_000]),
)
_dates = st.builds(lambda days: date(2026, 3, 29) + timedelta(days=days), st.integers(-2, 2))
_whole = st.sampled_from([-(2**63), -1, 0, 1, 2, 3, 2**53 + 1, 2**63 - 1])
_parts = st.sampled_from([Decimal("0.1"), Decimal("1.5"), Decimal("-2.25"), Decimal("9e15")])

_set_values: dict[Kind, st.SearchStrategy[object]] = {
    Kind.TEXT: _texts,
    Kind.KEY: _numbers | st.just(""),
    Kind.CHOICE: _choices | st.just(""),
    Kind.NUMBER: _whole,
    Kind.BOOL: st.booleans(),
    Kind.TIME: _times,
    Kind.DATE: _dates,
    Kind.REF: st.sampled_from(sorted(IDS)),
}
rows = st.fixed_dictionaries(
    {
        name: st.none() | (_parts.map(float) if name == "effort" else _set_values[kind])
        for name, kind in FIELDS.items()
    }
)


def _env(has_name: bool, teams: list[str]) -> Env:
    me = "USER-1" if has_name else None
    return Env(me, IDS.get(me or ""), tuple(teams), tuple(IDS[team] for team in teams), NOW)


envs = st.builds(_env, st.booleans(), st.lists(st.sampled_from(["TEAM-1", "TEAM-2"]), unique=True))

_fields = {
    kind: st.sampled_from([FieldRef(name, kind) for name in FIELDS if FIELDS[name] is kind])
    for kind in Kind
}
_now = st.sampled_from([-86_400, -5_400, 0, 1, 7_200, 172_800]).map(Now)
_needles = _texts.filter(fold)
_operands: dict[Kind, st.SearchStrategy[Operand]] = {
    Kind.TEXT: _needles.map(Value),
    Kind.KEY: _numbers.map(Value),
    Kind.CHOICE: _choices.map(Value),
    Kind.NUMBER: (_whole | _parts).map(Value),
    Kind.BOOL: st.booleans().map(Value),
    Kind.TIME: _now | _times.map(Value),
    Kind.DATE: _now | _dates.map(Value),
    Kind.REF: st.just(Me()) | st.sampled_from([*IDS, "TEAM-9", "NOBODY"]).map(Value),
}
_LISTED = [kind for kind in Kind if kind is not Kind.BOOL]


def _compared(kind: Kind) -> st.SearchStrategy[Condition]:
    plain = kind in (Kind.CHOICE, Kind.BOOL, Kind.REF, Kind.KEY)
    ops = st.sampled_from([Op.EQ, Op.NE] if plain else list(Op))
    return st.builds(Compare, _fields[kind], ops, _operands[kind] | _fields[kind])


def _listed(kind: Kind) -> st.SearchStrategy[Condition]:
    items = st.lists(_operands[kind], min_size=1, max_size=3).map(tuple)
    return st.builds(In, _fields[kind], items)


_tests = st.sampled_from(["contains", "startsWith", "endsWith"])
_leaves: st.SearchStrategy[Condition] = st.one_of(
    *(_compared(kind) for kind in Kind),
    *(_listed(kind) for kind in _LISTED),
    st.builds(TextTest, _fields[Kind.TEXT], _tests, _needles),
    st.builds(TextTest, _fields[Kind.KEY], _tests, _needles | st.sampled_from(["inc", "-1"])),
    st.builds(IsSet, st.one_of(*_fields.values())),
    st.builds(In, _fields[Kind.REF], st.just(MyTeams())),
    st.builds(Const, st.booleans()),
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(all_of),
        st.lists(inner, min_size=1, max_size=3).map(any_of),
        inner.map(opposite),
    ),
    max_leaves=6,
)
