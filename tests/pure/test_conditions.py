"""What the filter language accepts, what it means, and how it says no."""

import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mainstay.pure.conditions import (
    And,
    Compare,
    Condition,
    ConditionError,
    Const,
    Env,
    FieldRef,
    In,
    IsSet,
    Kind,
    Not,
    Now,
    Op,
    Or,
    Value,
    all_of,
    any_of,
    check,
    evaluate,
    matches,
    opposite,
    text_of,
    turned,
    words,
)
from mainstay.pure.numbers import normal
from tests.random_conditions import FIELDS, conditions, envs, rows

NOW = datetime(2026, 3, 29, 12, tzinfo=UTC)
ENV = Env("USER-1", 1, ("TEAM-1", "TEAM-3"), (11, 13), NOW)


def yes(text: str, values: Mapping[str, object], env: Env = ENV) -> bool | None:
    return evaluate(check(text, FIELDS), values, env)


def refused(text: str, fields: Mapping[str, Kind] = FIELDS) -> ConditionError:
    with pytest.raises(ConditionError) as caught:
        check(text, fields)
    return caught.value


def test_a_condition_becomes_a_small_tree() -> None:
    priority = FieldRef("priority", Kind.NUMBER)
    state = FieldRef("state", Kind.CHOICE)
    assert check('priority <= 2 && state == "new"', FIELDS) == And(
        (Compare(priority, Op.LE, Value(2)), Compare(state, Op.EQ, Value("new")))
    )


def test_joined_conditions_become_one_level_and_a_value_may_stand_first() -> None:
    condition = check("(is_open && (is_major && 2 >= priority)) && type == null", FIELDS)
    assert isinstance(condition, And)
    assert len(condition.parts) == 4
    assert text_of(condition) == "is_open && is_major && priority <= 2 && type == null"


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("priority <= 2", {"priority": 2}, True),
        ("priority <= 2", {"priority": 3}, False),
        ("priority <= 2", {}, None),
        ("!(priority <= 2)", {"priority": None}, None),
        ("priority != 2", {"priority": None}, None),
        ("priority > 1.5", {"priority": 2}, True),
        ("effort == 0.1", {"effort": 0.1}, True),
        ("priority <= 2 && is_open", {"priority": None, "is_open": False}, False),
        ("priority <= 2 && is_open", {"priority": None, "is_open": True}, None),
        ("priority <= 2 || is_open", {"priority": None, "is_open": True}, True),
        ("priority <= 2 || is_open", {"priority": None, "is_open": False}, None),
        ("priority == null", {"priority": None}, True),
        ("priority != null", {"priority": 0}, True),
        ("!(priority == null)", {"priority": None}, False),
        ("title == null", {"title": ""}, True),
        ('title != "x"', {"title": ""}, None),
        ('state != "x"', {"state": ""}, None),
        ('title == "žluť"', {"title": "ZLUT"}, True),
        ('title.contains("VPN")', {"title": "My vpn is down"}, True),
        ('title.contains("wifi")', {"title": "Guest Wi-Fi page"}, True),
        ('title.contains("Wi-Fi")', {"title": "GUEST WIFI"}, True),
        ('title.contains("-")', {"title": "Guest Wi-Fi"}, True),
        ('title.contains("-")', {"title": "Guest Wifi"}, False),
        ('title.startsWith("wifi")', {"title": "Wi-Fi"}, False),
        ('title.startsWith("straße")', {"title": "STRASSE 7"}, True),
        ('title.endsWith("istanbul")', {"title": "Byt İSTANBUL"}, True),
        ('title == "σισυφος"', {"title": "ΣΙΣΥΦΟΣ"}, True),
        ('title in ["Ørsted", "x"]', {"title": "orsted"}, True),
        ('title.contains("a")', {"title": None}, None),
        ('title.contains("%")', {"title": "100"}, False),
        ('title.contains("\\\\")', {"title": "a\\b"}, True),
        ('state == "New"', {"state": "new"}, False),
        ('state in ["new", "on_hold"]', {"state": "on_hold"}, True),
        ('!(state in ["new"])', {"state": None}, None),
        ("is_open", {"is_open": None}, None),
        ("is_open == false", {"is_open": False}, True),
        ("is_open != true", {"is_open": False}, True),
        ('team == "team3"', {"team": "TEAM-3"}, True),
        ('team in ["team0001", "TEAM 3"]', {"team": "TEAM-3"}, True),
        ('team != "TEAM-9"', {"team": "TEAM-3"}, True),
        ("assignee == me", {"assignee": "USER-1"}, True),
        ("me != assignee", {"assignee": "USER-2"}, True),
        ("assignee in [me, 'USER-7']", {"assignee": "USER-1"}, True),
        ("team in my_teams", {"team": "TEAM-3"}, True),
        ("team in my_teams", {"team": "TEAM-2"}, False),
        ("team in my_teams", {"team": None}, None),
        ('created_at > now - duration("24h")', {"created_at": NOW - timedelta(hours=23)}, True),
        ('created_at > now - duration("1d")', {"created_at": NOW - timedelta(hours=25)}, False),
        ('now - duration("1h") <= created_at', {"created_at": NOW}, True),
        ('created_at >= timestamp("2026-03-29T14:00:00+02:00")', {"created_at": NOW}, True),
        ("created_at <= due_at", {"created_at": NOW, "due_at": NOW}, True),
        ('starts_on == "2026-03-29"', {"starts_on": date(2026, 3, 29)}, True),
        ('starts_on < now + duration("7d")', {"starts_on": date(2026, 4, 4)}, True),
        ("true", {}, True),
        ("false || !false", {}, True),
    ],
)
def test_meaning(text: str, values: Mapping[str, object], expected: bool | None) -> None:
    assert yes(text, values) is expected
    assert matches(check(text, FIELDS), values, ENV) is (expected is True)


def test_nobody_is_me_and_is_in_no_team() -> None:
    nobody = Env(None, None, (), (), NOW)
    assert yes("assignee == me", {"assignee": "USER-1"}, nobody) is None
    assert yes("team in my_teams", {"team": "TEAM-1"}, nobody) is False


def test_a_date_is_compared_with_the_day_it_is_where_the_asker_is() -> None:
    late = datetime(2026, 3, 29, 23, 30, tzinfo=UTC).astimezone(timezone(timedelta(hours=2)))
    env = Env(None, None, (), (), late)
    assert yes("starts_on == now", {"starts_on": date(2026, 3, 30)}, env) is True
    assert yes('starts_on == now - duration("2h")', {"starts_on": date(2026, 3, 29)}, env) is True


@pytest.mark.parametrize(
    ("text", "message", "position"),
    [
        ("priorty <= 2", "There is no field 'priorty'. Did you mean 'priority'?", 0),
        ("is_open && (assigne == me)", "There is no field 'assigne'. Did you mean 'assignee'?", 12),
        ("", "The condition is empty.", None),
        (" \n", "The condition is empty.", None),
        ("priority <=", "The condition ends too early.", 11),
        ("priority = 2", "Write == instead of =.", 9),
        ("is_open and is_major", "Write && instead of and.", 8),
        ("is_open\n  OR is_major", "Write || instead of OR.", 10),
        ('state == "new', "A text is not closed, or holds a backslash ", 9),
        ("state == “new”", 'Write texts in straight quotes, as in "new".', 9),
        ("is_open ~ 2", "'~' is not understood here.", 8),
        ("function == 1", "'function' is a word of the language and cannot name a field.", 0),
        ("priority", "'priority' alone is no condition: it is a number. Compare it with ", 0),
        ('priority == "high"', "'priority' is a number; compare it with 2, not with a text.", 12),
        ("title == 3", "'title' is a text; compare it with \"vpn\", not with a number.", 9),
        ("title == me", "'title' is a text; compare it with \"vpn\", not with me.", 9),
        ("is_open == 1", "'is_open' is yes or no; compare it with true, not with a number.", 11),
        ("priority == true", "'priority' is a number; compare it with 2, not with true or f", 12),
        ("team == my_teams", "'team' is a reference; compare it with me or \"TEAM-3\", not w", 8),
        ('state < "new"', "'state' is a choice and has no order; use == or !=.", 6),
        (
            "title == state",
            "'title' is a text and 'state' is a choice; they cannot be compared.",
            6,
        ),
        ("title < null", "null can only be compared with == or !=.", 6),
        ("1 == 1", "A comparison needs a field.", 0),
        ("priority + 1 == 2", "There is no arithmetic with fields; ", 9),
        ("priority == 1 + 1", "'priority' is a number; compare it with 2, not with this.", 14),
        ('created_at + duration("1h") < now', "There is no arithmetic with fields; ", 11),
        ('created_at > "2026-01-01"', "'created_at' is a time; compare it with timestamp(", 13),
        ('created_at > timestamp("2026-01-01")', "'2026-01-01' is no time. Write it with", 22),
        ('created_at > timestamp("2026-02-30T00:00:00Z")', "'2026-02-30T00:00:00Z' is no", 22),
        ('created_at > timestamp("0001-01-01T00:00:00+09:00")', "'0001-01-01T00:00:00+09:", 22),
        ('due_at > timestamp("9999-12-31T00:00:00Z") + duration("2d")', "There is no such ti", 43),
        ('created_at > now - duration("1 week")', "'1 week' is no duration. Write it in d", 27),
        ('created_at > now - duration("0.5s")', "A duration counts whole seconds.", 27),
        ('created_at > now - duration("99999999d")', "The duration is longer than 100 ye", 27),
        ('created_at > now - (now - duration("1h"))', "A time is written now, now - dura", 17),
        ('starts_on == "2026-13-01"', "'2026-13-01' is no date. Write it as in 2026-01-31.", 13),
        ('starts_on > timestamp("2026-01-01T00:00:00Z")', "'starts_on' is a date; compare", 21),
        ('title == ""', "The text is empty. Write title == null to ask for a field that is no", 9),
        ('title.contains("\u0301")', "The text is empty. ", 15),
        ('state in ["new", ""]', "The text is empty. ", 17),
        ('state in ["new", null]', "'state' is a choice; compare it with \"new\", not with nu", 17),
        ("state in []", "The list after 'in' is empty.", 9),
        ('state in "new"', "After 'in' comes a list such as ", 9),
        ("state in my_teams", "After 'in' comes a list such as ", 9),
        ("team in assignee", "'assignee' is one value; use team == assignee.", 8),
        ("is_open in [true]", "'is_open' is yes or no; write is_open or !is_open.", 8),
        ('state.contains("new")', "'state' is a choice, not a text; contains is for texts.", 14),
        ("title.contains(3)", 'contains needs a text in quotes, as in title.contains("vpn").', 15),
        ('title.matches("x")', "There is no function 'matches' here. There are: contains, ", 13),
        ("size(title) == 3", "There is no function 'size' here. ", 4),
        ('"vpn".contains(title)', "Only a field can be tested.", 0),
        ("has(title)", "Write field != null to ask whether a field is set.", 4),
        ("has(team.name)", "A field has no parts: write its bare name, without a dot.", 3),
        ('team.name == "x"', "A field has no parts: write its bare name, without a dot.", 4),
        ('title["x"] == "y"', "A field has no parts: write its bare name, without brackets.", 5),
        ("[1].exists(x, x == 1)", "Loops and maps are not part of the language.", 10),
        ('{"a": 1} == title', "Loops and maps are not part of the language.", 0),
        ('title == b"x"', "Bytes are not part of the language.", 9),
        ("is_open ? is_major : true", "'? :' is not part of the language. Use && and ||.", 8),
        ("is_open == (is_major == true)", "'is_open' is yes or no; compare it with true, no", 21),
        ("(is_open && true) == true", "A condition cannot be compared; ", 9),
        ("now", "Only a field can be tested.", 0),
        ('"new"', "This is a value, not a condition. Compare a field with it.", 0),
        ("priority == 9223372036854775808", "The number is too large.", 12),
        ("priority == 9223372036854775808u", "The number is too large.", 12),
        ("priority == 1e400", "'priority' is a number; compare it with 2, not with a number", 12),
        ('title == "\\q"', "A text is not closed, or holds a backslash ", 9),
        ('title == "\x00"', "The condition holds a character that is not text.", None),
        ('title == "\ud800"', "The condition holds a character that is not text.", None),
        ('title == "\\x00"', "The text holds a character that is not text.", 9),
        ('title == "\\ud800"', "A text is not closed, or holds a backslash ", 9),
        ("a" * 4_001, "The condition is longer than 4,000 characters.", None),
    ],
)
def test_a_refusal_says_what_is_wrong_and_where(
    text: str, message: str, position: int | None
) -> None:
    error = refused(text)
    assert error.message.startswith(message)
    assert error.position == position
    assert str(error) == error.message


def test_a_hidden_field_is_like_one_that_does_not_exist() -> None:
    shown = {"title": Kind.TEXT}
    assert (
        refused('secret == "x"', shown).message == "There is no field 'secret'. There are: title."
    )
    assert refused("x == 1", {}).message == "There is no field 'x'."


@pytest.mark.attack("I08")
@pytest.mark.parametrize(
    "text",
    [
        "(" * 4_000,
        "[" * 4_000,
        "{" * 4_000,
        "!" * 4_000,
        "-" * 4_000,
        '"' * 4_000,
        "!" * 3_990 + "priority",
        "(" * 1_990 + "is_open" + ")" * 1_990,
        "!(" * 1_300 + "is_open" + ")" * 1_300,
        "is_open" + "&&is_open" * 440,
        "||".join(["is_open"] * 440) + "&&" + "x" * 30,
        "x" + ".x" * 1_990,
        "x" + "[0]" * 1_300,
        "priority==1" + "==1" * 1_300,
        "f(" * 2_000,
        "priority in [" + "1," * 1_900 + "1]",
        "[1].map(x," * 300,
        "is_open?" * 400,
        "x" * 4_000 + "=",
        "priority == " + "9" * 3_900,
        f'created_at > now - duration("{"9" * 3_900}h")',
        "created_at > now" + ' - duration("1h")' * 30 + " - now",
        " || ".join(f'title.contains("{n}")' for n in range(17)),
        " || ".join(f'title == "{n}"' for n in range(17)),
        " || ".join(f'title in ["{n}"]' for n in range(17)),
    ],
)
def test_no_text_is_slow_or_breaks(text: str) -> None:
    started = time.thread_time()
    with pytest.raises(ConditionError):
        check(text[:4_000] if text[0] != "i" else text, FIELDS)
    assert time.thread_time() - started < 0.5


def test_an_even_number_of_nots_is_none() -> None:
    assert check("!" * 3_990 + "is_open", FIELDS) == check("is_open", FIELDS)
    assert check("!(!(is_open))", FIELDS) == check("is_open", FIELDS)


@settings(max_examples=150, deadline=None)
@given(st.text() | st.text("ab ()!&|=<>[]{}.,?:+-\"'\\0123456789eux\n", max_size=30))
def test_any_text_is_a_condition_or_refused(text: str) -> None:
    try:
        condition = check(text, FIELDS | {"a": Kind.NUMBER, "b": Kind.BOOL})
    except ConditionError as error:
        assert error.message[-1] in ".?"
        assert error.position is None or 0 <= error.position <= len(text)
    else:
        assert text_of(condition)


@settings(max_examples=250, deadline=None)
@given(conditions, rows, envs)
def test_a_condition_written_out_is_read_back_as_itself(
    condition: Condition, row: dict[str, object], env: Env
) -> None:
    assert check(text_of(condition), FIELDS) == condition
    assert words(condition, {})
    known = evaluate(condition, row, env)
    contrary = None if known is None else not known
    assert evaluate(opposite(condition), row, env) is contrary
    if isinstance(condition, Compare):
        assert evaluate(turned(condition), row, env) is contrary


def test_the_deepest_tree_can_be_written_and_read() -> None:
    condition = check("priority == 1", FIELDS)
    for depth in range(11):
        condition = (
            all_of([condition, IsSet(FieldRef("title", Kind.TEXT))])
            if depth % 2
            else any_of([Const(value=False), condition])
        )
    assert check(text_of(condition), FIELDS) == condition
    assert refused(text_of(Not(all_of([condition, condition])))).message.endswith("too deeply.")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("title == 'a\"b\\\\c\\n'", 'title == "a\\"b\\\\c\\n"'),
        ("priority != -5", "priority != -5"),
        ("priority == 5u", "priority == 5"),
        ("effort >= 2.50", "effort >= 2.5"),
        ("is_open == true && !(is_major)", "is_open && !is_major"),
        ("is_open == false", "is_open == false"),
        ("!(is_open || is_major) && true", "!(is_open || is_major) && true"),
        ("(is_open || is_major) && is_open", "(is_open || is_major) && is_open"),
        ("!(priority != null)", "priority == null"),
        ('created_at < now - duration("90m")', 'created_at < now - duration("90m")'),
        ('created_at < duration("48h") + now', 'created_at < now + duration("2d")'),
        ('created_at < now + duration("-1.5h")', 'created_at < now - duration("90m")'),
        ('created_at < now - duration("1h") + duration("1h")', "created_at < now"),
        (
            'due_at > timestamp("2026-01-01T01:00:00.5+01:00") - duration("1h")',
            'due_at > timestamp("2025-12-31T23:00:00.500000Z")',
        ),
        ('team in ["team3",me]', 'team in ["TEAM-3", me]'),
    ],
)
def test_writing(text: str, written: str) -> None:
    assert text_of(check(text, FIELDS)) == written


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ('priority <= 2 && state == "new"', "Priority is at most 2 and Status is New"),
        ('state in ["new", "on_hold", "x"]', "Status is New, On hold or x"),
        ('!(state in ["new", "on_hold"])', "Status is not New or On hold"),
        ('!(state == "new") || is_open', "Status is not New or Is open is yes"),
        (
            "(is_open || assignee == me) && team in my_teams",
            "(Is open is yes or Assignee is me) and Team is one of my teams",
        ),
        ("!is_open", "Is open is no"),
        ("!(is_open && is_major)", "not (Is open is yes and Is major is yes)"),
        ("!(priority < 2)", "Priority is at least 2"),
        ("!(priority <= 2)", "Priority is more than 2"),
        ("!(priority != 2)", "Priority is 2"),
        ("!(is_open != true)", "Is open is yes"),
        ("!(due_at > now)", "Due at is not after now"),
        ("!true", "no record"),
        ("assignee == null && team != null", "Assignee is not set and Team is set"),
        ('title.contains("vpn")', 'Title contains "vpn"'),
        ('!title.endsWith("vpn")', 'Title does not end with "vpn"'),
        ('title >= "m"', 'Title comes after or is "m"'),
        ('created_at > now - duration("24h")', "Created at is after 1 day ago"),
        ('due_at < now + duration("90m")', "Due at is before 90 minutes from now"),
        ("due_at <= now", "Due at is not after now"),
        ("created_at < due_at", "Created at is before Due at"),
        (
            'created_at >= timestamp("2026-01-01T00:00:00Z")',
            "Created at is not before 2026-01-01 00:00 UTC",
        ),
        ('starts_on == "2026-01-31"', "Starts on is 2026-01-31"),
        ('team == "team2"', "Team is Network"),
        ("effort > 1.5", "Effort is more than 1.5"),
        ("true", "every record"),
    ],
)
def test_words(text: str, plain: str) -> None:
    choices = {"state": {"new": "New", "on_hold": "On hold"}, "team": {"TEAM-2": "Network"}}
    assert words(check(text, FIELDS), {"state": "Status"}, choices) == plain


def test_forms_build_conditions_from_parts() -> None:
    open_ones = check("is_open", FIELDS)
    assert all_of([]) == Const(value=True)
    assert any_of([]) == Const(value=False)
    assert all_of([open_ones]) == open_ones
    assert all_of([open_ones, all_of([open_ones, open_ones])]) == And((open_ones,) * 3)
    assert any_of([open_ones, any_of([open_ones, open_ones])]) == Or((open_ones,) * 3)
    assert opposite(opposite(open_ones)) == open_ones
    recent = Compare(FieldRef("created_at", Kind.TIME), Op.GT, Now(-3_600))
    assert text_of(all_of([recent])) == 'created_at > now - duration("1h")'
    empty = In(FieldRef("state", Kind.CHOICE), ())
    assert refused(text_of(empty)).message == "The list after 'in' is empty."


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("inc20481", "INC-20481"),
        ("#INC-20481", "INC-20481"),
        ("INC\u201320481", "INC-20481"),
        ("INC\u00a020481", "INC-20481"),
        ("INC0020481", "INC-20481"),
        ("INC-20481", "INC-20481"),
        ("inc 7", "INC-7"),
        ("INC000", "INC-0"),
        ("network", "NETWORK"),
        ("INC-٣", "INC-٣"),
        ("", ""),
    ],
)
def test_a_number_has_one_spelling(typed: str, number: str) -> None:
    assert normal(typed) == number
