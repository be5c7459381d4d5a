"""What the demonstration is going to be, before anything of it is written: its people and its weeks."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median

import pytest

from mainstay.config.demo import texts
from mainstay.config.demo.hours import HERE
from mainstay.config.demo.quarter import Quarter, Report
from mainstay.config.demo.seeding import SEED
from mainstay.config.demo.size import FULL, SMALL, Size
from mainstay.config.demo.staff import hires
from mainstay.pure.text import fold

# A week of beginnings, at all hours.
NOWS = [datetime(2026, 3, 2, 5, tzinfo=UTC) + timedelta(days=n, hours=3 * n) for n in range(7)]


def planned(size: Size, now: datetime) -> tuple[Quarter, list[Report]]:
    quarter, rng = Quarter(size, now), Random(SEED)
    reports = quarter.reports(rng)
    for wave in quarter.waves:
        reports += quarter.reports_of(rng, wave)
    return quarter, reports


@pytest.mark.parametrize("now", NOWS, ids=lambda now: f"{now:%A}")
def test_good_and_bad_weeks_whatever_day_it_is(now: datetime) -> None:
    quarter, reports = planned(FULL, now)
    assert 1_000 <= len(reports) <= 1_400
    assert all(quarter.begin <= report.at <= now for report in reports)
    of_week = Counter(quarter.week(report.at) for report in reports)
    whole = [of_week[week] for week in range(1, 12)]
    assert of_week[6] == max(whole) >= 2 * median(whole), "the outage"
    assert of_week[9] == min(whole) <= median(whole) / 2, "the holidays"
    assert of_week[3] >= 1.4 * median(whole), "the rollout"
    paces = {quarter.week(report.at): report.pace for report in reports}
    assert paces[6] > paces[5] > paces[10] > paces[4]


def test_people_report_when_they_are_at_work() -> None:
    _, reports = planned(FULL, NOWS[0])
    here = [report.at.astimezone(HERE) for report in reports]
    assert sum(at.weekday() < 5 for at in here) > 0.9 * len(here)
    assert sum(7 <= at.hour < 18 for at in here) > 0.85 * len(here)


def test_what_has_a_cause_recurs_until_the_cause_is_gone() -> None:
    _, reports = planned(FULL, NOWS[2])
    moments = {
        cause["item"]: NOWS[2] - texts.span(cause["at"])
        for cause in texts.read("quarter.toml")["recurring"]
    }
    for item in ("till-app-3.2", "scanner-pool-mal", "wms-app-02"):
        at = [report.at for report in reports if report.story.item == item]
        before = sum(moment < moments[item] for moment in at)
        assert before >= 15
        assert len(at) - before <= 2


def test_a_small_one_is_a_month_in_which_only_the_rollout_went_wrong() -> None:
    quarter, reports = planned(SMALL, NOWS[4])
    assert [wave.name for wave in quarter.waves] == ["client image"]
    assert SMALL.reports < len(reports) < 1.3 * SMALL.reports


@pytest.mark.parametrize("size", [FULL, SMALL], ids=["full", "small"])
def test_everybody_has_a_name_a_job_and_a_place(size: Size) -> None:
    told = texts.read("organisation.toml")
    staff = hires(Random(SEED), told, size)
    assert len(staff) == size.people
    assert len({fold(hire.name) for hire in staff}) == size.people
    sites = {site["name"] for site in told["site"]}
    outside = {c["name"] for c in told["customer"]} | {s["name"] for s in told["supplier"]}
    assert all(hire.site in sites for hire in staff if hire.department not in outside)
    assert all(hire.job for hire in staff)
    heads = [department["head"] for department in told["department"] if department["jobs"]]
    assert all(sum(hire.job == head for hire in staff) == 1 for head in heads)


def test_nobody_has_a_name_that_only_one_language_would_give_to_all() -> None:
    staff = hires(Random(SEED), texts.read("organisation.toml"), FULL)
    assert max(Counter(hire.name.split()[0] for hire in staff).values()) <= 20


def test_the_same_people_each_time() -> None:
    told = texts.read("organisation.toml")
    assert hires(Random(SEED), told, FULL) == hires(Random(SEED), told, FULL)


def test_what_waves_and_problems_name_is_there() -> None:
    told = texts.read("quarter.toml")
    waves = {wave["name"] for wave in told["wave"]}
    items = {item for s in texts.read("services.toml")["service"] for item in s["items"]}
    assert {story.wave for story in texts.stories()} - {""} == waves
    problems = texts.read("problems.toml")["problem"]
    assert {problem["wave"] for problem in problems if "wave" in problem} == waves
    assert {cause["item"] for cause in told["recurring"]} <= items
    assert {problem["item"] for problem in problems} <= items
