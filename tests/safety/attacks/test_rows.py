"""Every attack of the catalogue is shown by a test or stands among those that cannot be shown yet, never both."""

from __future__ import annotations

import re

from tests.safety.attacks.marked import PAGE, marked, not_yet, page, rows, shown


def test_every_row_is_shown_or_waits_with_a_reason() -> None:
    neither = set(rows()) - set(shown()) - set(not_yet())
    assert not neither, f"no test shows these, and no reason is given: {sorted(neither)}"


def test_no_row_is_both() -> None:
    both = set(shown()) & set(not_yet())
    assert not both, f"shown by now; take them out of not_yet.toml: {sorted(both)}"


def test_nothing_names_a_row_there_is_none_of() -> None:
    assert set(not_yet()) <= set(rows())
    strangers = {row: tests for row, tests in shown().items() if row not in rows()}
    assert not strangers


def test_every_reason_is_a_sentence() -> None:
    for row, reason in not_yet().items():
        assert re.fullmatch(r"[A-Z].{15,}\.", reason), row


def test_the_table_is_what_the_markers_say() -> None:
    assert PAGE.read_text() == page(), "write it anew: make derived"


def test_markers_are_read_where_they_stand() -> None:
    source = '@pytest.mark.attack("B01", "B05")\n@other\ndef test_it(): ...\ndef test_other(): ...'
    assert list(marked(source)) == [("test_it", "B01"), ("test_it", "B05")]
    assert list(marked('"""pytest.mark.attack("B01")"""')) == []
