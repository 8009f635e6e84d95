"""Periods that more than one app counts: there is one definition of the last twelve months."""

from __future__ import annotations

import datetime as dt

DAY = dt.timedelta(days=1)


def twelve_months_to(day: dt.date) -> dt.date:
    """The first of the twelve months that end with this day: the day after the same day a year before.

    At the end of a month these are twelve calendar months, in a leap year too.
    """
    after = day + DAY
    if after.day == 1:
        return after.replace(year=after.year - 1)
    return day.replace(year=day.year - 1) + DAY
