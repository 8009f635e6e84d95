"""Kinds of leave as data, each with its days of effect and its region (domain.md E16, E19, E20)."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

FILE = Path(__file__).parent / "presets" / "leave_kinds.toml"
WORKING, CALENDAR = "working", "calendar"
SERVICE, EVENT, GRANT = "service", "event", "grant"
PERSONAL, SICK, ANNUAL = "personal", "sick", "annual"


@dataclass(frozen=True)
class Dated:
    """Something of a law: named in both languages, in force from a day to a day, in a region or everywhere."""

    code: str
    zh: str
    en: str
    region: str = ""
    from_on: dt.date = dt.date.min
    to_on: dt.date = dt.date.max

    def holds_on(self, day: dt.date, regions: Sequence[str]) -> bool:
        return self.from_on <= day <= self.to_on and (not self.region or self.region in regions)

    @property
    def name(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh


@dataclass(frozen=True)
class Option(Dated):
    """A circumstance that lengthens a leave."""

    days: int = 0


@dataclass(frozen=True)
class Kind(Dated):
    """One kind of leave. `by`: the table that routes it; `per`: what its limit belongs to (service, event, grant)."""

    by: str = PERSONAL
    counts: str = WORKING
    per: str = ""
    limit: int = 0
    figure: str = ""
    needs_note: bool = False
    is_right: bool = False
    law_zh: str = ""
    law_en: str = ""
    options: tuple[Option, ...] = ()

    @property
    def law(self) -> str:
        return self.law_en if (get_language() or "").startswith("en") else self.law_zh

    @property
    def is_kept(self) -> bool:
        """Whether days of it are taken from a yearly balance."""
        return self.per in (SERVICE, GRANT)


def _made(cls: type[Any], entry: dict[str, Any], **more: Any) -> Any:
    facts = dict(entry)
    facts["from_on"], facts["to_on"] = facts.pop("from", dt.date.min), facts.pop("to", dt.date.max)
    return cls(**facts, **more)


@lru_cache(maxsize=1)
def all_kinds() -> tuple[Kind, ...]:
    found = []
    for entry in tomllib.loads(FILE.read_text(encoding="utf-8"))["kind"]:
        options = tuple(_made(Option, option) for option in entry.pop("option", ()))
        found.append(_made(Kind, entry, options=options))
    return tuple(found)


def kinds_on(day: dt.date, regions: Sequence[str] = ("zhejiang",)) -> list[Kind]:
    """The kinds that somebody may ask for on that day."""
    return [kind for kind in all_kinds() if kind.holds_on(day, regions)]


def kind_of(code: str, day: dt.date | None = None) -> Kind:
    """The kind as it stood on a day, or its last wording. Raises KeyError for an unknown code."""
    rows = [kind for kind in all_kinds() if kind.code == code]
    standing = [kind for kind in rows if day is None or kind.from_on <= day <= kind.to_on]
    if not rows:
        raise KeyError(code)
    return (standing or rows)[-1]


def codes() -> list[str]:
    return list(dict.fromkeys(kind.code for kind in all_kinds()))


def options_on(day: dt.date) -> list[Option]:
    return [option for kind in kinds_on(day) for option in kind.options if option.holds_on(day, ("zhejiang",))]
