"""Plans as `/-/parts/` shows them: nobody's data, placed by what places the real ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta, tzinfo

from mainstay.surfaces.web import lanes
from mainstay.surfaces.web.lanes import DayLane, Event, Kind

KINDS: dict[Kind, str] = {"normal": "Normal", "standard": "Standard", "emergency": "Emergency"}


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

    def no_day(self) -> DayLane:
        return self._day()

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
        *,
        is_current: bool = False,
    ) -> Event:
        return Event(
            f"CHG-{number}",
            title,
            self._at(*start),
            self._at(*end),
            "#c-day-lane",
            kind,
            KINDS[kind],
            state,
            is_running=state == "In progress",
            is_done=state == "Implemented",
            is_current=is_current,
        )

    def _at(self, day: int, hour: int, minute: int = 0) -> datetime:
        """On which day of the week, from 0."""
        return datetime.combine(self.monday + timedelta(days=day), time(hour, minute), self.zone)
