"""F16: fifty clients want the same record, or the next number, at the same moment."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.faults.clients import Answer, Program, at_once, in_words
from tests.faults.ground import Ground, all_is_heard
from tests.safety.ledger import Ledger

MANY = 50
MOVES = ("start", "hold", "resume", "resolve", "reopen", "cancel")
GIVEN: dict[str, dict[str, Any]] = {
    "hold": {"waiting_for": "vendor"},
    "resolve": {"close_code": "solution_provided", "resolution": "Done"},
    "cancel": {"reason": "not wanted"},
    "reopen": {"reason": "again"},
}


def f16(here: Ground) -> None:
    here.prepare()
    site, ledger, rounds = here.serve(), here.ledger(), 2 if here.is_quick else 8
    program = here.program(site)
    here.report.did(
        f"{rounds} × {MANY} edits of one version, {MANY} without a version, {MANY} creates,"
        f" {MANY} creates with one key;"
        f" {rounds} × {MANY} moves, edits and notes of one record"
    )
    of_one_version(here, program, rounds)
    without_a_version(here, program, ledger)
    numbers(here, program, ledger)
    one_key(here, program, ledger)
    everything(here, program, ledger, rounds)
    all_is_heard(ledger)
    halves = ledger.halves()
    here.report.hold(f"half written: {halves or 'nothing'}", not halves)


def made(program: Program, title: str) -> str:
    return str(program.call("POST", "/incidents", {"title": title}).json["number"])


def counted(answers: list[Answer]) -> Counter[int]:
    return Counter(answer.status for answer in answers)


def of_one_version(here: Ground, program: Program, rounds: int) -> None:
    number, total, agreed = made(program, "one version"), Counter[int](), 0
    for _ in range(rounds):
        version = program.call("GET", f"/incidents/{number}").json["version"]
        answers = at_once(
            [
                lambda n=n, v=version: program.call(  # type: ignore[misc]
                    "PATCH", f"/incidents/{number}", {"title": f"by {v}-{n}"}, If_Match=f'"{v}"'
                )
                for n in range(MANY)
            ]
        )
        total += counted(answers)
        won = [answer.json["title"] for answer in answers if answer.status == 200]
        agreed += won == [program.call("GET", f"/incidents/{number}").json["title"]]
    here.report.hold(
        f"edits of one version: {in_words(total)}; {agreed} of {rounds} times what stands there is the winner's",
        total == Counter({200: rounds, 412: rounds * (MANY - 1)}) and agreed == rounds,
    )


def without_a_version(here: Ground, program: Program, ledger: Ledger) -> None:
    """Each that was answered stands in the history on top of the one before."""
    number = made(program, "first")
    answers = at_once(
        [
            lambda n=n: program.call("PATCH", f"/incidents/{number}", {"title": f"by {n}"})
            for n in range(MANY)
        ]  # type: ignore[misc]
    )
    rows = ledger.rows(
        "select e.changes from records_event e join records_record r on r.id = e.record_id"
        " where r.number = %s and e.name = 'incident.change' order by e.id", number,
    )  # fmt: skip
    steps = [ledger.json(changes)["title"] for (changes,) in rows]
    chained = [old for old, _ in steps] == ["first", *(new for _, new in steps[:-1])]
    here.report.hold(
        f"edits without a version: {in_words(counted(answers))}, {len(steps)} in the history,"
        f" {'each on top of the one before' if chained else 'not on top of each other'}",
        len(steps) == counted(answers)[200] and chained and set(counted(answers)) <= {200, 409},
    )


def numbers(here: Ground, program: Program, ledger: Ledger) -> None:
    answers = at_once(
        [
            lambda n=n: program.call("POST", "/incidents", {"title": f"number {n}"})
            for n in range(MANY)
        ]
    )  # type: ignore[misc]
    given = {answer.json["number"] for answer in answers if answer.status == 201}
    twice = ledger.one(
        "select count(*) from (select number from records_record group by number having count(*) > 1) t"
    )
    here.report.hold(
        f"creates at once: {len(given)} numbers of {MANY}, {twice} given twice",
        len(given) == MANY and twice == 0,
    )


def one_key(here: Ground, program: Program, ledger: Ledger) -> None:
    answers = at_once(
        [
            lambda: program.call(
                "POST", "/incidents", {"title": "one key"}, Idempotency_Key="the-one"
            )
            for _ in range(MANY)
        ]
    )
    there = ledger.one("select count(*) from records_record where title = 'one key'")
    here.report.hold(
        f"creates with one key: {in_words(counted(answers))}, {there} record",
        there == 1
        and set(counted(answers)) == {201}
        and len({answer.body for answer in answers}) == 1,
    )


def everything(here: Ground, program: Program, ledger: Ledger, rounds: int) -> None:
    """All moves, edits and notes of a record at once: refused or done, and the history says the same."""
    total: Counter[int] = Counter()
    wrong: list[str] = []
    for n in range(rounds):
        number = made(program, f"everything {n}")
        works: list[Any] = []
        for m in range(MANY):
            move = MOVES[m % len(MOVES)]
            works += [
                lambda move=move, m=m, number=number: program.call(
                    "POST", f"/incidents/{number}/moves", {"move": move, **GIVEN.get(move, {})}
                ),
                lambda m=m, number=number: program.call(
                    "PATCH", f"/incidents/{number}", {"category": f"c{m}"}
                ),
            ][: 2 if m % 2 else 1]
        works += [
            lambda number=number: program.call(
                "POST", f"/incidents/{number}/notes", {"text": "said", "visibility": "internal"}
            )
            for _ in range(10)
        ]
        answers = at_once(works)
        total += counted(answers)
        moved = sum(
            answer.status == 200
            for work, answer in zip(works, answers, strict=True)
            if "move" in (work.__code__.co_varnames or ())
        )
        wrong += not_as_told(ledger, number, moved)
    here.report.hold(
        f"everything at once: {in_words(total)}"
        + (f"; {wrong[:3]}" if wrong else "; each history is a legal life"),
        not wrong and set(total) <= {200, 201, 204, 409, 412, 422},
    )


def not_as_told(ledger: Ledger, number: str, moved: int) -> list[str]:
    """What of a record's history is not what clients were told, or is no life an incident can have."""
    rows = ledger.rows(
        "select e.name, e.version, r.version, r.state from records_event e join records_record r on r.id = e.record_id"
        " where r.number = %s order by e.id", number,
    )  # fmt: skip
    names = [name.partition(".")[2] for name, *_ in rows]
    versions = [
        version
        for name, version, *_ in rows
        if name.partition(".")[2] not in ("note", "reply", "link")
    ]
    wrong = []
    if versions != list(range(1, rows[-1][2] + 1)):
        wrong.append(f"{number}: versions {versions}")
    if (kept := sum(name in MOVES for name in names)) != moved:
        wrong.append(f"{number}: {moved} moves were told and {kept} kept")
    ended = False
    for name in names:
        if ended and name in MOVES and name != "reopen":
            wrong.append(f"{number}: {name} after its end")
        ended = name in ("cancel", "resolve") or (ended and name != "reopen")
    return wrong
