"""The one filter language: what it means, how it is checked, and how it reads in Python.

A condition is a text in CEL over the bare names of fields:

    priority <= 2 && state == "new"
    assignee == me || team in my_teams
    title.contains("vpn") && created_at > now - duration("24h")
    state in ["new", "on_hold"] && !(waiting_for == "caller")
    assignee == null                      nobody is assigned; `!= null` asks for the contrary

It has `&& || ! == != < <= > >= in`, `contains`, `startsWith` and `endsWith`, the words `me`,
`my_teams` and `now`, `timestamp("2026-01-01T00:00:00Z")` and `duration("7d")` (d h m s); a date is
written as a text, "2026-01-31". It has no loops, no maps and no arithmetic but that of times.

Meaning, for every reading alike (here and as SQL, `records/filters.py`):
- A comparison with a field that is not set is unknown, and so is its contrary; unknown is not a
  match. Only `== null` and `!= null` always know. A text or choice that is empty is not set.
- Texts compare without case and diacritics; `contains` looks past hyphens, too, so that "wifi" finds
  "Wi-Fi". Choices compare exactly. A reference compares by the number of its record in any spelling:
  "team3" is TEAM-3; so does the record's own number, which `contains`, `startsWith` and `endsWith`
  search as it is written.
- A date compared with `now` is compared with the day it is at that time, in the zone of `now`.
"""

from mainstay.pure.conditions.check import check
from mainstay.pure.conditions.reading import evaluate, matches
from mainstay.pure.conditions.tree import (
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
    Me,
    MyTeams,
    Not,
    Now,
    Op,
    Operand,
    Or,
    TextTest,
    Value,
    all_of,
    any_of,
    opposite,
    turned,
)
from mainstay.pure.conditions.wording import words
from mainstay.pure.conditions.writing import text_of

__all__ = [
    "And",
    "Compare",
    "Condition",
    "ConditionError",
    "Const",
    "Env",
    "FieldRef",
    "In",
    "IsSet",
    "Kind",
    "Me",
    "MyTeams",
    "Not",
    "Now",
    "Op",
    "Operand",
    "Or",
    "TextTest",
    "Value",
    "all_of",
    "any_of",
    "check",
    "evaluate",
    "matches",
    "opposite",
    "text_of",
    "turned",
    "words",
]
