"""Every attack of the catalogue is shown by a test, cannot be shown yet, or is open: always exactly one of these."""

from __future__ import annotations

import re
from itertools import combinations

from tests.safety.attacks.marked import PAGE, marked, not_yet, page, rows, shown, still_open


def test_every_row_is_shown_or_waits_with_a_reason() -> None:
    nowhere = set(rows()) - set(shown()) - set(not_yet()) - set(still_open())
    assert not nowhere, f"no test shows these, and no reason is given: {sorted(nowhere)}"


def test_no_row_is_in_two_places() -> None:
    places = (set(shown()), set(not_yet()), set(still_open()))
    twice = {row for one, other in combinations(places, 2) for row in one & other}
    assert not twice, f"shown by now, or open and waiting at once: {sorted(twice)}"


def test_nothing_names_a_row_there_is_none_of() -> None:
    assert not_yet().keys() | still_open().keys() <= rows().keys()
    strangers = {row: tests for row, tests in shown().items() if row not in rows()}
    assert not strangers


def test_every_reason_is_a_sentence() -> None:
    for row, reason in (not_yet() | still_open()).items():
        assert re.fullmatch(r"[A-Z].{15,}\.", reason), row


def test_the_table_is_what_the_markers_say() -> None:
    assert PAGE.read_text() == page(), "write it anew: make derived"


def test_markers_are_read_where_they_stand() -> None:
    source = '@pytest.mark.attack("B01", "B05")\n@other\ndef test_it(): ...\ndef test_other(): ...'
    assert list(marked(source)) == [("test_it", "B01"), ("test_it", "B05")]
    assert list(marked('"""pytest.mark.attack("B01")"""')) == []
