"""Weeks, months and years as every app counts them."""

from __future__ import annotations

import datetime as dt

DAY, WEEK = dt.timedelta(days=1), dt.timedelta(days=7)


def week_of(day: dt.date) -> dt.date:
    """The Monday of the day's week."""
    return day - dt.timedelta(days=day.weekday())


def month_of(day: dt.date) -> dt.date:
    """The first day of the day's month."""
    return day.replace(day=1)


def month_after(day: dt.date, months: int = 1) -> dt.date:
    """The first day of the month so many months later, or earlier with a minus."""
    number = day.year * 12 + day.month - 1 + months
    return dt.date(number // 12, number % 12 + 1, 1)


def twelve_months_to(day: dt.date) -> dt.date:
    """The first of the twelve months that end with this day: the day after the same day a year before.

    At the end of a month these are twelve calendar months, in a leap year too.
    """
    after = day + DAY
    if after.day == 1:
        return after.replace(year=after.year - 1)
    return day.replace(year=day.year - 1) + DAY
