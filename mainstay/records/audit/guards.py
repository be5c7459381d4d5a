"""Triggers by which the database itself refuses to change or delete what the audit rests on.

They are set after every migration: SQLite makes a table anew to alter it, and its triggers go with the old one.
Blanking is the one change let through: the words of an `EventText`, the address of an entry, each with its salt.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import DatabaseError, connection, transaction

from mainstay.records.turnstile import writing

WORDS: Final = "the audit only grows"
# The table, and the columns that may be emptied ("" for text; a flag is set along with them).
GUARDED: Final[dict[str, tuple[str, ...]]] = {
    "records_event": (),
    "records_eventtext": ("old", "new", "salt"),
    "audit_entry": ("address", "salt"),
    "audit_seal": (),
}
FLAGS: Final = {"records_eventtext": ("is_redacted",)}
FUNCTION: Final = f"""
create or replace function mainstay_only_grows() returns trigger language plpgsql as $$
begin raise exception '{WORDS}: % on %', tg_op, tg_table_name; end $$
"""


def prepare(**_: Any) -> None:
    """After each migration."""
    with connection.cursor() as cursor:
        for statement in _statements():
            cursor.execute(statement)


def missing() -> list[str]:
    """Which of the triggers are not there, or are heard only while rows are copied."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select name from sqlite_master where type = 'trigger'"
            if connection.vendor == "sqlite"
            else "select tgname from pg_trigger where not tgisinternal and tgenabled in ('O', 'A')"
        )
        there = {row[0] for row in cursor.fetchall()}
    return [name for name in names() if name not in there]


def asleep() -> list[str]:
    """Which of them let a change through. The database is asked for each, and takes back what it did not refuse.

    A trigger may be there and do nothing: disarmed, or with another function behind it. Emptying a table is not
    tried, since everybody would wait for it, and no table has to have a row.
    """
    tried = [(table, kind, sql) for table in GUARDED for kind, sql in _forbidden(table)]
    known = {*missing()}
    named = ((f"{table}_no_{kind}", sql) for table, kind, sql in tried)
    return [name for name, sql in named if name not in known and not _is_refused(sql)]


def _forbidden(table: str) -> list[tuple[str, str]]:
    some = f"(select min(id) from {table})"
    again = ", ".join(f'"{column}"' for column in _columns(table))
    found = [
        ("update", f"update {table} set id = -1 - id where id = {some}"),
        ("delete", f"delete from {table} where id = {some}"),
    ]
    if connection.vendor == "sqlite":
        row = f"select {again} from {table} where id = {some}"
        found.append(("replace", f"insert or replace into {table} ({again}) {row}"))
    return found


def _is_refused(sql: str) -> bool:
    """Also where there is no row, or where nothing can be written at all."""
    try:
        with writing(), connection.cursor() as cursor:
            cursor.execute(sql)
            transaction.set_rollback(True)
            return bool(cursor.rowcount < 1)
    except DatabaseError as error:
        return any(words in str(error) for words in (WORDS, "read-only", "readonly"))


def names() -> list[str]:
    """Of all triggers there must be, for the database that is connected."""
    kinds = ("update", "delete", "replace" if connection.vendor == "sqlite" else "truncate")
    return [f"{table}_no_{kind}" for table in GUARDED for kind in kinds]


def _statements() -> list[str]:
    if connection.vendor == "sqlite":
        refuse = f"begin select raise(abort, '{WORDS}'); end"
        return [
            statement
            for table in GUARDED
            for kind, on, when in (
                ("update", "update", _unless_blanked(table)),
                ("delete", "delete", ""),
                # `insert or replace` deletes without asking the one above.
                ("replace", "insert", f" when exists (select 1 from {table} where id = new.id)"),
            )
            for statement in (
                f"drop trigger if exists {table}_no_{kind}",
                f"create trigger {table}_no_{kind} before {on} on {table}{when} {refuse}",
            )
        ]
    refuse = "execute function mainstay_only_grows()"
    return [
        FUNCTION,
        *(
            f"create or replace trigger {table}_no_{kind} before {kind} on {table} for each {what}{when} {refuse}"
            for table in GUARDED
            for kind, what, when in (
                ("update", "row", _unless_blanked(table)),
                ("delete", "row", ""),
                ("truncate", "statement", ""),
            )
        ),
    ]


def _unless_blanked(table: str) -> str:
    """The condition under which an update is refused."""
    emptied, flags = GUARDED[table], FLAGS.get(table, ())
    if not emptied:
        return ""
    same = "is" if connection.vendor == "sqlite" else "is not distinct from"
    others = [c for c in _columns(table) if c not in (*emptied, *flags)]
    kept = [f'new."{c}" {same} old."{c}"' for c in others]
    blank = [f"new.\"{c}\" = ''" for c in emptied] + [f'new."{c}"' for c in flags]
    return f" when (not ({' and '.join(kept + blank)}))"


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, table)
    return [column.name for column in described]
