"""Records are written by `records/` alone and read through `queries`; the syntax tree of every file is looked at."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mainstay.records.models import Record
from mainstay.records.types import shelf

PACKAGE = Path(__file__).parents[2] / "mainstay"
TABLES = {"Record", "Event", "EventText", *(rtype.model.__name__ for rtype in shelf)}
WRITES = {
    "save",
    "delete",
    "update",
    "create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}
# file: the tables it may read by itself, because no actor is asking yet or because it works under a lock it holds.
MAY_READ = {
    "directory/signin/password.py": {"User"},
    "capabilities/assignment/reactions.py": {"Record", "Event"},
}


def sources() -> list[Path]:
    return [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if "migrations" not in path.parts and path.relative_to(PACKAGE).parts[0] not in ("records",)
    ]


def uses(tree: ast.AST) -> Iterator[tuple[str, set[str], int]]:
    """Each `Table.objects` with the methods called on it along the chain."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and node.attr == "objects"
            and isinstance(node.value, ast.Name)
        ):
            yield node.value.id, chain_above(tree, node), node.lineno
        if (
            isinstance(node, ast.Attribute)
            and node.attr == "objects"
            and isinstance(node.value, ast.Attribute)
        ):
            yield node.value.attr, chain_above(tree, node), node.lineno


def chain_above(tree: ast.AST, start: ast.AST) -> set[str]:
    """The names of the attributes taken of an expression, one after the other."""
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    found: set[str] = set()
    node = start
    while isinstance(parents.get(node), ast.Attribute | ast.Call):
        node = parents[node]
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
    return found


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_record_is_written_or_read_past_the_engine(path: Path) -> None:
    name = str(path.relative_to(PACKAGE))
    for table, methods, line in uses(ast.parse(path.read_text())):
        if table == "model":
            table = "Record"
            if name == "capabilities/assignment/reactions.py":
                continue
        if table not in TABLES:
            continue
        assert not methods & WRITES, f"{name}:{line} writes {table}; only records/ does"
        assert table in MAY_READ.get(name, set()), (
            f"{name}:{line} reads {table}; ask records.queries"
        )


# What writes or reads tables without their manager; `attachment` is no record.
PAST_THE_MANAGER = {"save", "save_base", "force_delete", "_default_manager", "_base_manager"}
MAY_SAVE = {"capabilities/files/commands.py"}
RECORD_TABLES = {"records_record", "records_event", "records_eventtext"} | {
    rtype.child_table for rtype in shelf
}
WRITTEN = re.compile(r"\b(insert\s+into|update|delete\s+from)\s+\"?([a-z_]+)", re.IGNORECASE)


def past_the_manager(source: str) -> Iterator[str]:
    """Each attribute or statement that reaches a record's table by another way than `Table.objects`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in PAST_THE_MANAGER:
            yield f"line {node.lineno}: .{node.attr}"
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "delete"
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id in ("record", "row", "found", "person", "incident")
        ):
            yield f"line {node.lineno}: {node.func.value.id}.delete()"
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for written in WRITTEN.finditer(node.value):
                if written[2] in RECORD_TABLES:
                    yield f"line {node.lineno}: {written[0]}"


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_nothing_reaches_a_records_table_past_its_manager(path: Path) -> None:
    name = str(path.relative_to(PACKAGE))
    found = [text for text in past_the_manager(path.read_text()) if name not in MAY_SAVE]
    assert not found, f"{name}: {found}; only records/ does that"


@pytest.mark.parametrize(
    "planted",
    [
        "record.save()",
        "record.delete()",
        "cursor.execute('update records_record set title = %s', ['x'])",
        'cursor.execute("delete from incidents_incident")',
        "rtype.model._default_manager.all().delete()",
    ],
)
def test_a_way_past_is_seen(planted: str) -> None:
    assert list(past_the_manager(planted))


def test_every_foreign_key_to_a_record_has_an_index_that_leads_with_it() -> None:
    from django.apps import apps

    for model in apps.get_models():
        leading = {index.fields[0].lstrip("-") for index in model._meta.indexes if index.fields}
        leading |= {c.fields[0] for c in model._meta.constraints if getattr(c, "fields", ())}
        for field in model._meta.local_fields:
            if not field.is_relation or not issubclass(field.related_model, Record):
                continue
            covered = field.primary_key or field.unique or field.db_index or field.name in leading
            assert covered, f"{model.__name__}.{field.name} has no index that leads with it"


# Rows that are no record: a job, the folds of the audit, entries of an inbox, grants of a role.
LOCKS_OTHER_ROWS = {
    "records/jobs.py",
    "records/audit/entries.py",
    "capabilities/telling/inbox.py",
    "directory/duty.py",
}


def test_records_are_locked_in_one_order() -> None:
    """Django locks a record's own row before the common one, commands after it: two would wait for each other."""
    found = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if "select_for_update(" in path.read_text()
    }
    assert found == LOCKS_OTHER_ROWS
