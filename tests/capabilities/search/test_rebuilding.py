"""The whole index is made anew in small steps; what was interrupted goes on, and nothing is lost meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from mainstay.capabilities.search import queries, rebuilding, terms
from mainstay.capabilities.search.models import Document, Gram, Rebuild, Term
from mainstay.config.cli import reindex
from mainstay.records import chores, clock, commands, delivery
from mainstay.records.errors import Illegal
from mainstay.records.models import Record
from mainstay.records.types import shelf
from tests.world import World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")


class Interrupted(Exception):
    """Somebody pressed Ctrl-C."""


@pytest.fixture
def forgotten(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A site whose index is empty though it has records."""
    monkeypatch.setattr(rebuilding, "BATCH", 5)
    for n in range(6):
        world.incident(title=f"Quixotic {n}")
    delivery.drain()
    Document.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("delete from search_words")
    return world


def found(world: World) -> int:
    return len(queries.search(world.actor("agn"), "quixotic").items)


def test_it_finds_everything_again_and_tells_how_far_it_is(forgotten: World) -> None:
    told: list[tuple[int, int]] = []
    assert found(forgotten) == 0
    total = Record.objects.count()
    assert rebuilding.run(lambda *how: told.append(how)) == total
    assert found(forgotten) == 6
    assert told[0] == (0, total)
    assert told[-1] == (total, total)
    assert told == sorted(told)
    assert rebuilding.is_complete()


def test_what_was_interrupted_goes_on(forgotten: World) -> None:
    def interrupt(done: int, _total: int) -> None:
        if done >= 10:
            raise Interrupted

    Rebuild.objects.update(is_complete=False)
    with pytest.raises(Interrupted):
        rebuilding.run(interrupt)
    assert not rebuilding.is_complete()
    assert rebuilding.progress()[0] == 10
    assert rebuilding.run(lambda *_: None) == Record.objects.count() - 10
    assert found(forgotten) == 6


def test_or_begins_from_the_start(forgotten: World) -> None:
    Rebuild.objects.update(position=Record.objects.order_by("id").last().id)
    assert rebuilding.run(lambda *_: None, from_start=True) == Record.objects.count()


def test_what_is_found_stays_found_meanwhile(forgotten: World) -> None:
    rebuilding.run(lambda *_: None)
    seen: list[int] = []
    rebuilding.run(lambda *_: seen.append(found(forgotten)), from_start=True)
    assert set(seen) == {6}


def test_people_write_meanwhile(forgotten: World) -> None:
    written: list[str] = []

    def write(done: int, _total: int) -> None:
        if len(written) < 3:
            record = forgotten.incident(title=f"Quixotic meanwhile {done}")
            commands.change(incident, record.number, {"urgency": 1}, forgotten.by("agn"))
            written.append(record.number)
            delivery.drain()

    rebuilding.run(write)
    assert found(forgotten) == 9


def test_two_runs_do_not_mix(forgotten: World) -> None:
    def another(done: int, _total: int) -> None:
        if done == 5:
            Rebuild.objects.update(position=1)

    with pytest.raises(Illegal):
        rebuilding.run(another)


def test_a_worker_with_nothing_else_to_do_makes_the_first_one(forgotten: World) -> None:
    assert rebuilding.go_on() == 0, "there is nothing to do where every record is in it"
    Rebuild.objects.update(is_complete=False, position=0)
    round_, pieces = chores.Round(), list[int]()
    while done := round_.turn():
        pieces.append(done)
    assert sum(pieces) == Record.objects.count()
    assert max(pieces) == 5
    assert rebuilding.is_complete()
    assert found(forgotten) == 6
    Rebuild.objects.update(is_complete=False, position=0)
    assert round_.turn() == 0, "it rests"


def test_of_two_workers_one_makes_it(forgotten: World, monkeypatch: pytest.MonkeyPatch) -> None:
    Rebuild.objects.update(is_complete=False, position=0)
    following = rebuilding._following

    def another(position: int) -> list[int]:
        Rebuild.objects.update(position=7)
        return following(position)

    monkeypatch.setattr(rebuilding, "_following", another)
    assert rebuilding.go_on() == 0
    assert Rebuild.objects.get().position == 7


def test_a_chore_that_fails_hinders_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(chores, "_chores", {"bad": lambda: 1 // 0, "good": lambda: 3})
    assert chores.Round().turn() == 3
    assert "chore bad failed" in caplog.text


def test_words_nobody_has_any_more_are_forgotten(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terms, "SWEPT_AT_ONCE", 10**9)
    record = world.incident(title="Quixotic windmill")
    world.incident(title="Windmill")
    delivery.drain()
    commands.change(incident, record.number, {"title": "Plain"}, world.by("agn"))
    delivery.drain()
    assert terms.alike("quixotik") == ["quixotic"]
    assert terms.sweep() >= 1
    assert terms.alike("quixotik") == []
    assert terms.alike("windmil") == ["windmill"], "somebody has it still"
    assert not Gram.objects.exclude(term__in=Term.objects.all()).exists()
    assert terms.sweep() == 0


def test_all_words_have_their_hour(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terms, "SWEPT_AT_ONCE", 3)
    Term.objects.bulk_create([Term(text=f"nobodys{n}") for n in range(10)])
    highest = Term.objects.order_by("-id").values_list("id", flat=True)[0]
    for hour in range(highest // 3 + 1):
        with clock.held(clock.now() + timedelta(hours=hour)):
            terms.sweep()
    assert not Term.objects.filter(text__startswith="nobodys").exists()


def test_the_command(forgotten: World, capsys: pytest.CaptureFixture[str]) -> None:
    import argparse

    parser = argparse.ArgumentParser()
    reindex.arguments(parser)
    assert reindex.run(parser.parse_args([])) == 0
    assert f"{Record.objects.count():,} records indexed" in capsys.readouterr().out


def test_the_command_is_stopped_with_a_word(
    forgotten: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import argparse

    def stopped(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(rebuilding, "run", stopped)
    assert reindex.run(argparse.Namespace(from_start=False)) == 130
    assert "goes on from here" in capsys.readouterr().err
