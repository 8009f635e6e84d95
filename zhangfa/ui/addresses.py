"""Addresses made once: Django walks hundreds of patterns for each link, and all links of a page differ in their keys only."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse

# What stands for a key while the address is made for the first time; a key of any value looks alike in it.
SAMPLES: dict[type, Any] = {UUID: UUID(int=7_700_001), int: 7_700_001}


def address(name: str, /, **kwargs: Any) -> str:
    """The same as `reverse(name, kwargs=kwargs)`. Raises NoReverseMatch."""
    keys = [(key, value) for key, value in kwargs.items() if type(value) in SAMPLES]
    if len(keys) > 1 or any(value < 0 for _key, value in keys if type(value) is int):
        return str(reverse(name, kwargs=kwargs))
    fixed = tuple((key, value) for key, value in kwargs.items() if type(value) not in SAMPLES)
    moving = tuple((key, type(value)) for key, value in keys)
    before, after = _parts(name, fixed, moving, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())
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
