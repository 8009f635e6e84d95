"""Addresses made once, for Django walks hundreds of patterns for each link; and the days and months that stand in addresses."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404
from django.urls import get_script_prefix, get_urlconf, reverse

# What stands for a key while the address is made for the first time; a key of any value looks alike in it.
SAMPLES: dict[type, Any] = {UUID: UUID(int=7_700_001), int: 7_700_001}
EARLIEST, LATEST = 2000, 2100


def address(name: str, /, **kwargs: Any) -> str:
    """The same as `reverse(name, kwargs=kwargs)`. Raises NoReverseMatch."""
    where = get_urlconf() or settings.ROOT_URLCONF, get_script_prefix()
    if len(kwargs) == 1:
        # Nearly every link of a list: one key, and nothing else.
        ((key, value),) = kwargs.items()
        kind = type(value)
        if kind is UUID or (kind is int and value >= 0):
            before, after = _parts(name, (), ((key, kind),), *where)
            return f"{before}{value}{after}"
    keys = [(key, value) for key, value in kwargs.items() if type(value) in SAMPLES]
    if len(keys) > 1 or any(value < 0 for _key, value in keys if type(value) is int):
        return str(reverse(name, kwargs=kwargs))
    fixed = tuple((key, value) for key, value in kwargs.items() if type(value) not in SAMPLES)
    moving = tuple((key, type(value)) for key, value in keys)
    before, after = _parts(name, fixed, moving, *where)
    return f"{before}{keys[0][1]}{after}" if keys else before


@lru_cache(maxsize=4_096)
def _parts(
    name: str, fixed: tuple[tuple[str, Any], ...], moving: tuple[tuple[str, type], ...], _urlconf: str, _prefix: str
) -> tuple[str, str]:
    """What stands before and after the key."""
    sample = {key: SAMPLES[kind] for key, kind in moving}
    made = str(reverse(name, kwargs={**dict(fixed), **sample}))
    for value in sample.values():
        before, _value, after = made.partition(str(value))
        return before, after
    return made, ""


def day_in(text: str, *, until: dt.date | None = None) -> dt.date:
    """The day that an address names as 2026-11-30, or 404: for what is no day, far away, or later than `until`."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if day.isoformat() != text or not EARLIEST <= day.year <= LATEST or (until and day > until):
        raise Http404
    return day


def monday_in(text: str, *, until: dt.date) -> dt.date:
    """The Monday that an address names as 2026-11-30, or 404: also for another day of the week."""
    day = day_in(text, until=until)
    if day.weekday():
        raise Http404
    return day


def month_in(text: str, *, until: dt.date | None = None) -> dt.date:
    """The first day of the month that an address names as 2026-11, or 404: for what is no month, far away, or later than `until`."""
    return day_in(f"{text}-01", until=until)
