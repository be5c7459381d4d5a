"""Who is on a record: of one browser no more tabs are kept than somebody has open."""

from mainstay.config.live.presence import MOST_TABS, Presence
from mainstay.pure.rules import Actor
from mainstay.records.news import Known


def test_a_browser_has_so_many_tabs_and_no_more() -> None:
    presence, actor = Presence(), Actor(id=1, number="USER-1", session="one")
    records = [
        Known(n, "incident", f"INC-{n}", None, None, None, None, None) for n in range(MOST_TABS + 1)
    ]

    def put(actor: Actor, n: int, tab: int) -> set[Known]:
        return presence.put(actor, str(tab), records[n], f"incidents/INC-{n}", "viewing", 0.0)

    assert all(put(actor, n, n) for n in range(MOST_TABS))
    assert put(actor, MOST_TABS, MOST_TABS) == set()
    assert len(presence.records()) == MOST_TABS
    # A tab that goes on to another record, and another browser, are no more tabs of this one.
    assert put(actor, MOST_TABS, 0) == {records[0], records[MOST_TABS]}
    assert put(Actor(id=2, number="USER-2", session="two"), 0, 0) == {records[0]}
