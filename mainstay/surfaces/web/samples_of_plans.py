"""Plans as `/-/parts/` shows them: nobody's data, placed by what places the real ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from mainstay.surfaces.web import board, lanes
from mainstay.surfaces.web.board import Board, Card
from mainstay.surfaces.web.lanes import Band, Conflict, DayLane, Event, Kind, Line, Overlap, Weeks
from mainstay.surfaces.web.samples import LONG_NAME

KINDS: dict[Kind, str] = {"normal": "Normal", "standard": "Standard", "emergency": "Emergency"}


BOARD = "#c-kanban"


class Plans:
    """Of the week it is, on its Tuesday at 09:42: so the line of now always stands where one can judge it."""

    def __init__(self, words: Mapping[str, str], long: str, now: datetime, zone: tzinfo) -> None:
        self.words, self.long, self.zone = words, long, zone
        today = now.astimezone(zone).date()
        self.monday = today - timedelta(days=today.weekday())
        self.now = self._at(1, 9, 42)

    def day(self) -> DayLane:
        return self._day(
            self._event(7743, "POS till image 26.11, wave 2", (1, 6), (1, 12), "standard", "In progress"),
            self._event(7741, self.words["title"], (1, 9), (1, 9, 30), "normal", "Implemented"),
            self._event(7752, "Fail over payment-gateway to hsm-eu-1", (1, 9, 25), (1, 11), "emergency", "In progress"),
            self._event(7742, "Customer portal 4.18", (1, 14), (1, 15, 30), "normal", "Approved"),
            self._event(7744, "Laptop BIOS wave 6", (1, 18), (2, 0), "standard", "Approved"),
        )  # fmt: skip

    def day_ends(self) -> DayLane:
        """What is as long as the day, what goes beyond it, and points in time."""
        return self._day(
            self._event(7736, "Move of the archive", (0, 18), (1, 5), "standard", "In progress"),
            self._event(7737, "Restore test: ERP to the second site", (0, 20), (2, 8), "normal", "In progress"),
            self._event(7738, "Change of the certificate", (1, 0), (1, 0), "standard", "Implemented"),
            self._event(7749, "SAP kernel patch 793 PL 210", (1, 21), (2, 1), "normal", "Scheduled"),
            self._event(7750, "Switch of the name server", (1, 23, 59), (1, 23, 59), "emergency", "Approved"),
        )  # fmt: skip

    def day_selected(self) -> DayLane:
        return self._day(
            self._event(7742, "Customer portal 4.18", (1, 14), (1, 15, 30), "normal", "Approved", is_current=True),
            self._event(7744, "Laptop BIOS wave 6", (1, 18), (2, 0), "standard", "Approved"),
        )  # fmt: skip

    def day_long(self) -> DayLane:
        return self._day(
            self._event(7743, self.long, (1, 6), (1, 8), "emergency", "In progress"),
            self._event(
                7745, self.long, (1, 17), (1, 22), "normal", "Waits for the advisory board"
            ),
            self._event(7746, self.long, (1, 1), (1, 21), "standard", "In progress"),
        )

    def kinds(self) -> list[tuple[Kind, str]]:
        return list(KINDS.items())

    def no_day(self) -> DayLane:
        return self._day()

    def week(self) -> Weeks:
        """The first lane takes two rows, for the second of its changes begins under the words of the first."""
        return self._weeks(self._lines(), conflicts=self._conflicts())

    def two_weeks(self) -> Weeks:
        more = Line("Office moves", "Tier 3", (
            self._event(7760, "Move of the second floor", (-2, 8), (8, 18), "standard", "In progress"),
            self._event(7761, "Move of the archive", (11, 8), (16, 18), "normal", "Planned"),
            self._event(7762, "Name plates", (9, 8), (9, 8), "standard", "Planned"),
        ))  # fmt: skip
        return self._weeks((*self._lines(), more), days=14)

    def week_selected(self) -> Weeks:
        one = self._event(
            7742,
            "Customer portal 4.18",
            (1, 14),
            (1, 15, 30),
            "normal",
            "Approved",
            is_current=True,
        )
        return self._weeks(
            (Line("Customer portal", "Tier 1", (one,)), Line("Data platform", "Tier 2"))
        )

    def week_long(self) -> Weeks:
        one = self._event(7743, self.long, (1, 6), (1, 8), "emergency", "In progress")
        other = self._event(
            7745, self.long, (1, 7), (3, 22), "normal", "Waits for the advisory board"
        )
        shared = Overlap(other, other.start, one.end, self.long)
        frozen = Band(self.long, self._at(2, 20), self._at(3, 8), self.long)
        ways = ((self.long[:60], "#c-week-lanes"), ("Grant exception", "#c-week-lanes"))
        clash = Conflict(one, (shared,), (frozen,), self.long, ways)
        return self._weeks(
            (Line(self.long, self.long[:60], (one, other)),), bands=(frozen,), conflicts=(clash,)
        )

    def no_week(self) -> Weeks:
        return self._weeks((Line("Customer portal", "Tier 1"),), bands=())

    def _lines(self) -> tuple[Line, ...]:
        controller, storage = self._pair()
        return (
            Line("Checkout & payments", "Tier 1", (
                self._event(7752, "Fail over payment-gateway", (1, 9, 25), (1, 11), "emergency", "In progress"),
                self._event(7753, "Certificates of the gateway", (1, 20), (1, 21), "standard", "Scheduled"),
                storage,
            )),
            Line("Network & VPN", "Tier 1", (
                self._event(7741, self.words["title"], (1, 5), (1, 6), "normal", "Implemented"),
                self._event(7747, "Firewall rule review", (5, 8), (5, 11), "standard", "Planned"),
            )),
            Line("Warehouse management", "Tier 1", (controller,)),
            Line("Data platform", "Tier 2"),
            Line("Laptops & devices", "Tier 3", (
                self._event(7744, "Laptop BIOS wave 6", (-1, 18), (2, 6), "standard", "Approved"),
            )),
        )  # fmt: skip

    def _pair(self) -> tuple[Event, Event]:
        """Two that need the same storage in the same evening; the later one goes on into the freeze."""
        return (
            self._event(7746, "san-ham-01 controller", (2, 18), (2, 21), "normal", "CAB review", "Jonas Lindqvist"),
            self._event(7748, "pay-db-01 to 17.4", (2, 20), (3, 0, 30), "normal", "CAB review", self.words["name"]),
        )  # fmt: skip

    def _conflicts(self) -> tuple[Conflict, ...]:
        one, other = self._pair()
        frozen, why = self._frozen(), "Both depend on san-ham-01."
        ways = (("Propose new slot", "#c-week-lanes"), ("Grant exception", "#c-week-lanes"))
        start, end = lanes.shared(one, other) or (one.start, one.end)
        return (
            Conflict(one, (Overlap(other, start, end, why),), note="High risk", ways=ways),
            Conflict(
                other,
                (Overlap(one, start, end, why),),
                (frozen,) if lanes.shared(other, frozen) else (),
                ways=ways,
            ),
        )

    def _frozen(self) -> Band:
        return Band(
            "Black Friday freeze",
            self._at(2, 22),
            self._at(7, 0),
            "no normal changes without exception",
        )

    def _weeks(
        self,
        lines: tuple[Line, ...],
        *,
        days: int = 7,
        bands: tuple[Band, ...] | None = None,
        conflicts: tuple[Conflict, ...] = (),
    ) -> Weeks:
        frozen = (self._frozen(),) if bands is None else bands
        return lanes.weeks(
            self.monday, days, self.zone, lines, self.now, bands=frozen, conflicts=conflicts
        )

    def board(self) -> Board:
        first = self._card(118, "Certificate expiry as a monitored attribute", 2, note="Respond")
        urgent = self._card(109, "Route Wi-Fi tickets by access point", 1, due=3)
        return self._board(
            (first, self._card(116, self.words["title"], 3)),
            (urgent, self._card(104, "Standard change catalogue", None, due=-4)),
            (self._card(88, "Major incident updates from one template", None),),
        )

    def one_card(self, **changes: Any) -> Board:
        """The first lane has a card like that."""
        return self._board(
            (self._card(118, "Certificate expiry as a monitored attribute", 2, **changes),), ()
        )

    def long_board(self) -> Board:
        card = self._card(97, self.long, 4, note=self.long, due=-40, refused=self.long)
        person = {"title": LONG_NAME, "number": "USER-13"}
        lane = board.Lane(
            "idea", self.long, (replace(card, person=person),), limit=1200, total=4120, href=BOARD
        )
        return Board("Improvement board", (lane, board.Lane("doing", self.long)), BOARD)

    def _board(
        self, ideas: tuple[Card, ...], doing: tuple[Card, ...] = (), done: tuple[Card, ...] = ()
    ) -> Board:
        lanes_of = (
            board.Lane("idea", "Ideas", ideas),
            board.Lane("doing", "Doing", doing, limit=1),
            board.Lane("measure", "Measuring", limit=3, nothing="Nothing is being measured."),
            board.Lane("done", "Proven", done, total=42 if done else None, href=BOARD),
        )
        return Board("Improvement board", lanes_of, BOARD)

    def _card(
        self, number: int, title: str, priority: int | None, *, due: int = 0, **more: Any
    ) -> Card:
        """Due so many days from the sample's today; 0 is never."""
        day = self.now.date() + timedelta(days=due) if due else None
        person = {"title": self.words["name"], "number": "USER-12"} if number % 2 == 0 else None
        move = "" if more.get("stays") else BOARD
        return Card(
            f"CSI-{number}", title, BOARD, priority, person, day, due < 0, move=move, **more
        )

    def _day(self, *events: Event) -> DayLane:
        return lanes.day_lane(self.monday + timedelta(days=1), self.zone, events, self.now)

    def _event(
        self,
        number: int,
        title: str,
        start: tuple[int, ...],
        end: tuple[int, ...],
        kind: Kind,
        state: str,
        owner: str = "",
        *,
        is_current: bool = False,
    ) -> Event:
        return Event(
            f"CHG-{number}",
            title,
            self._at(*start),
            self._at(*end),
            "#c-week-lanes",
            kind,
            KINDS[kind],
            state,
            owner,
            is_running=state == "In progress",
            is_done=state == "Implemented",
            is_current=is_current,
        )

    def _at(self, day: int, hour: int, minute: int = 0) -> datetime:
        """On which day of the week, from 0."""
        return datetime.combine(self.monday + timedelta(days=day), time(hour, minute), self.zone)
