"""Time as the company lives it: instants in UTC, days in Shanghai."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

TZ = ZoneInfo("Asia/Shanghai")
_frozen: ContextVar[dt.datetime | None] = ContextVar("zhangfa_clock", default=None)


def now() -> dt.datetime:
    """The present instant in UTC; only interfaces and jobs ask for it, actions receive it."""
    return _frozen.get() or dt.datetime.now(dt.UTC)


@contextmanager
def at(instant: dt.datetime) -> Iterator[None]:
    """Hold the clock still: for the demo and the tests."""
    token = _frozen.set(instant.astimezone(dt.UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


def local_date(instant: dt.datetime) -> dt.date:
    """The calendar day in Shanghai on which the instant falls."""
    return instant.astimezone(TZ).date()


def day_start(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), TZ).astimezone(dt.UTC)


def day_end(instant: dt.datetime) -> dt.datetime:
    """24:00 Shanghai of the instant's day: the hard limit of 当天 (policies.md, Days)."""
    return day_start(local_date(instant) + dt.timedelta(days=1))


def add_working_days(day: dt.date, count: int, is_working: Callable[[dt.date], bool]) -> dt.date:
    """The count-th working day after `day` by the company's calendar."""
    while count > 0:
        day += dt.timedelta(days=1)
        if is_working(day):
            count -= 1
    return day
