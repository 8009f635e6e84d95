"""When a duty is due: pure instants and days (policies.md, Days)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zhangfa.core import clock

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class Period:
    """One turn of a rhythm: what it is about, when it opens and when it is due."""

    name: str
    opens_at: dt.datetime
    due_at: dt.datetime


def instant(value: Any) -> dt.datetime | None:
    """An aware instant from a code of an event; anything else is None."""
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, dt.datetime) and value.tzinfo else None


def due_after(rule: Mapping[str, Any], *, figure: Any, codes: Mapping[str, Any], at: dt.datetime) -> dt.datetime:
    """The due instant of an event duty: what the event says outright, else its start plus the figure, under the cap of the day."""
    if (stated := instant(codes.get(rule.get("code", "")))) is not None:
        return stated
    start = instant(codes.get(rule.get("from", ""))) or at
    if rule["unit"] == "day_end":
        return clock.day_end(start)
    due = start + dt.timedelta(**{rule["unit"]: float(figure)})
    return min(due, clock.day_end(start)) if rule.get("cap") == "day_end" else due


def state_when_done(*, due_at: dt.datetime, done_at: dt.datetime) -> str:
    """Late stays late (X-1)."""
    return "done" if done_at <= due_at else "late"


def weekly_periods(rhythm: str, since: dt.datetime, until: dt.datetime) -> Iterator[Period]:
    """For `weekly mon 12:00`: each week before, owed from the following Monday until that day and hour.

    Yields the periods that opened after `since` and not after `until`, oldest first.
    """
    _weekly, day, hour = (*rhythm.split(), "sun", "24:00")[:3]
    hours, minutes = (int(part) for part in hour.split(":"))
    monday = _monday(clock.local_date(since))
    while clock.day_start(monday) <= until:
        opens = clock.day_start(monday)
        if opens > since:
            due = clock.day_start(monday + dt.timedelta(days=WEEKDAYS.index(day)))
            yield Period((monday - WEEK).isoformat(), opens, due + dt.timedelta(hours=hours, minutes=minutes))
        monday += WEEK


def fortnight_periods(anchor: dt.date, weeks: int, since: dt.datetime, until: dt.datetime) -> Iterator[Period]:
    """Periods of so many weeks counted from the anchor: a table is owed when its period is over, by the next Sunday 24:00 (CC-D5)."""
    step = WEEK * weeks
    number = max(0, (clock.local_date(since) - anchor) // step)
    begins = anchor + number * step
    while clock.day_start(begins + step) <= until:
        opens = clock.day_start(begins + step)
        if opens > since:
            yield Period(begins.isoformat(), opens, opens + WEEK)
        begins += step


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())
