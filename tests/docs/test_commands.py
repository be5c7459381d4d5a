"""Commands in the documents do what the documents say; tests/docs/reader.py tells how a block is run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.docs.reader import Block, Reader, blocks, documents
from tests.programs import ROOT

ALL = [block for document in documents() for block in blocks(document)]
TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)


def those(how: str) -> list[Path]:
    return sorted({block.document for block in ALL if block.how == how})


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Callable[..., Reader]]:
    readers: list[Reader] = []

    def begin(database: str = "") -> Reader:
        readers.append(Reader(tmp_path, database))
        return readers[-1]

    yield begin
    for each in readers:
        each.leave()


@pytest.mark.parametrize("document", those("run"), ids=name)
def test_the_commands_of(document: Path, reader: Callable[..., Reader]) -> None:
    somebody = reader()
    for block in blocks(document):
        if block.how == "run":
            somebody.follow(block)


@pytest.mark.parametrize("document", those("run on PostgreSQL"), ids=name)
def test_the_commands_on_postgresql_of(
    document: Path, reader: Callable[..., Reader], postgres_url: str
) -> None:
    fresh = f"document_{document.stem}"
    database = sql.Identifier(fresh)
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(sql.SQL("drop database if exists {} with (force)").format(database))
        server.execute(sql.SQL("create database {}").format(database))
    somebody = reader(f"{postgres_url.rpartition('/')[0]}/{fresh}")
    for block in blocks(document):
        if block.how == "run on PostgreSQL":
            somebody.follow(block)


@pytest.mark.parametrize("block", ALL, ids=lambda block: f"{name(block.document)}: {block.how}")
def test_every_block_is_run_or_says_why_not(block: Block) -> None:
    said = block.how in ("run", "run on PostgreSQL") or re.match(r"unrun: \w+ \w+", block.how)
    assert said, f"{block.commands}: write `console run`, or `console unrun: ` and the reason"
    assert block.commands


def test_make_has_the_targets_the_documents_name() -> None:
    there = set(TARGET.findall((ROOT / "Makefile").read_text()))
    named = {
        target
        for document in documents()
        for target in re.findall(r"(?:`|\$ |=\S+ )make ([a-z]+)", document.read_text())
    }
    assert {"run", "test", "migrations"} <= named <= there, named - there
