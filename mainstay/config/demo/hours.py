"""When people report and work: a moment in the week, and the next one somebody is at their desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from random import Random

# Head office time; a fixed zone, since a machine may come without a time zone database.
HERE = timezone(timedelta(hours=1))
# How much is reported at each hour of a day, from midnight on, and on each day from Monday on.
BY_HOUR = (1, 1, 1, 1, 2, 4, 8, 20, 34, 38, 36, 28, 18, 28, 32, 28, 20, 12, 8, 6, 4, 3, 2, 1)
BY_DAY = (32, 26, 24, 22, 19, 6, 3)
OPENS, CLOSES = timedelta(hours=7, minutes=30), timedelta(hours=17, minutes=30)


def reported(
    rng: Random,
    count: int,
    since: datetime,
    until: datetime,
    busy: Callable[[datetime], float] = lambda _hour: 1.0,
) -> list[datetime]:
    """Moments at which that many reports come in, in order; some hours may be busier than others like them."""
    first = since.astimezone(HERE).replace(minute=0, second=0, microsecond=0)
    hours = [first + timedelta(hours=n) for n in range(int((until - since) / timedelta(hours=1)))]
    weights = [BY_HOUR[hour.hour] * BY_DAY[hour.weekday()] * busy(hour) for hour in hours]
    chosen = rng.choices(hours, weights, k=count)
    moments = (hour + timedelta(seconds=rng.randrange(3600)) for hour in chosen)
    return sorted(max(since, moment) for moment in moments)


def at_work(moment: datetime, rng: Random) -> datetime:
    """The moment itself where somebody works, else some minutes into the next working day."""
    here = moment.astimezone(HERE)
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    if here.weekday() < 5 and OPENS <= here - midnight <= CLOSES:
        return moment
    day = midnight if here - midnight < OPENS else midnight + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day + OPENS + timedelta(seconds=rng.randrange(5400))


def last_afternoon(now: datetime) -> datetime:
    """The newest two o'clock: what is counted back from there in days and a few hours is in the daytime."""
    two = now.astimezone(HERE).replace(hour=14, minute=0, second=0, microsecond=0)
    return two if two <= now else two - timedelta(days=1)


def on_a_weekday(moment: datetime, now: datetime) -> datetime:
    """At weekends the first hour of the Monday after, in the same order; where that is to come, it stays."""
    here = moment.astimezone(HERE)
    if here.weekday() < 5:
        return moment
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    saturday = midnight - timedelta(days=here.weekday() - 5)
    later = saturday + timedelta(days=2) + OPENS + (here - saturday) / 48
    return later if later <= now else moment
