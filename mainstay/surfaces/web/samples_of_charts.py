"""What the clocks and charts of `/-/parts/` show: nobody's data, in the shapes a practice fills."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from mainstay.surfaces.web.charts import Day, Flow, Gauge, Health, Tells
from mainstay.surfaces.web.clocks import Clock, Stands, Target

HERE = "/-/parts/"
NAME = "Resolution"
FALLING = (120.0, 900, 2400, 3600, 4120, 4120, 4100, 3800, 3300, 2900)
RISING = (61.0, 64, 63, 68, 70, 69, 75, 77, 76, 83, 85, 87)
RARE = (0.0, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0, 1)
WORN = "FFDFFFFMFFFFDFFFFFFFFDFFFFFFFFFFFFFFFDODFFUFF"
LETTERS = {
    "F": Health.FINE, "D": Health.DEGRADED, "O": Health.OUTAGE, "M": Health.MAINTENANCE, "U": Health.UNKNOWN,
}  # fmt: skip
OPENED = (39, 42, 47, 14, 14, 32, 36, 42, 39, 48, 12, 8, 37, 39)
RESOLVED = (44, 45, 33, 8, 6, 47, 34, 40, 38, 34, 6, 10, 39, 51)


def samples(today: date, long: str) -> dict[str, Any]:
    return {
        "targets": {
            "running": Target(NAME, Stands.RUNNING, 71 * 60, 0.41),
            "risk": Target(NAME, Stands.RISK, 34 * 60, 0.86),
            "missed": Target(NAME, Stands.MISSED, -18 * 60, 1.1),
            "paused": Target(NAME, Stands.PAUSED, 26 * 3600, 0.3),
            "met": Target(NAME, Stands.MET),
        },
        "clocks_sample": _clocks(long),
        "courses": {"falling": FALLING, "rising": RISING, "rare": RARE},
        "gauges_sample": _gauges(long),
        "days_sample": _days(today),
        "flow_sample": _flow(today),
        "flow_large": [Flow(f.day, f.opened * 910, f.resolved * 880, f.open * 700) for f in _flow(today)],
    }  # fmt: skip


def _clocks(long: str) -> dict[str, list[Clock]]:
    answer = Clock("First response", "1m 48s", Stands.MET, 0.18, "Target 10 min")
    return {
        "default": [
            answer,
            Clock("Resolution", "3h 18m", Stands.RUNNING, 0.17, "Target 13:00, 4 business hours"),
            Clock("Next update", "8m", Stands.RISK, 0.62, "Every 20 min while major"),
            Clock("Customers affected", "4 120", None, 0.71, "Falling since failover", FALLING),
        ],
        "missed": [answer, Clock("Resolution", "−18m", Stands.MISSED, 1.1, "Target 13:00")],
        "paused": [answer, Clock("Resolution", "3h 18m", Stands.PAUSED, 0.17, "Waits for the caller")],
        "empty": [Clock("First response", note="Begins at 08:00"), Clock("Resolution")],
        "long": [
            Clock(long[:60], "1 204d 22h", Stands.MISSED, 1, long),
            Clock("Wiederherstellungszeitraum", "3h 18m", Stands.RISK, 0.8, long),
            answer,
        ],
    }  # fmt: skip


def _gauges(long: str) -> dict[str, list[Gauge]]:
    return {
        "default": [
            Gauge(
                "Service delivery", "handshake", HERE, 11, "of 14", "services on target",
                "Checkout 99.41 % against 99.95 %", Tells.ACT, FALLING[::-1], "Services on target",
            ),
            Gauge(
                "Incidents", "siren", HERE, 1, "P1", "open, 42 min", "2 targets missed or within the hour",
                Tells.ACT, RARE, "Major incidents", has_columns=True,
            ),
            Gauge(
                "Team", "users", HERE, "87", "%", "of capacity in use", "Luca has 14 of 12 records",
                Tells.WATCH, RISING, "Capacity in use", target=80,
            ),
            Gauge(
                "Resources", "boxes", HERE, "71", "%", "of budget", "Three contracts to renew",
                Tells.FINE, RISING, "Budget",
            ),
        ],
        "plain": [Gauge("Assigned to me", "user", HERE, 4120)],
        "empty": [Gauge("Resolved", "check-square", HERE, None, label="in 14 days")],
        "error": [
            Gauge(
                "Team", "users", HERE, None, label="of capacity in use", trouble="The rota could not be read."
            ),
        ],
        "long": [
            Gauge(
                long[:60], "siren", HERE, 4_120_000_000, "Störungsmeldungen", long[:70], long, Tells.WATCH,
                FALLING, "Reports",
            ),
            Gauge(long[60:110], "boxes", HERE, 0, "", long, "", Tells.FINE),
        ],
    }  # fmt: skip


def _days(today: date) -> list[Day]:
    first = today - timedelta(days=len(WORN) - 1)
    return [Day(first + timedelta(days=n), LETTERS[letter]) for n, letter in enumerate(WORN)]


def _flow(today: date) -> list[Flow]:
    first, left, days = today - timedelta(days=len(OPENED) - 1), 160, []
    for n, (opened, resolved) in enumerate(zip(OPENED, RESOLVED, strict=True)):
        left += opened - resolved
        days.append(Flow(first + timedelta(days=n), opened, resolved, left))
    return days
