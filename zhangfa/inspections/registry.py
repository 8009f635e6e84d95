"""What apps above lend: a person's figures for a spot check, forms to look at, and patterns in cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from zhangfa.inspections.plausibility import Filled

# fn(person, unit, since, until) -> [(label as marked, value as text)]
Measure = Callable[[Any, Any, dt.date, dt.date], Sequence[tuple[str, str]]]
measures: dict[str, Measure] = {}


@dataclass(frozen=True)
class FormSource:
    """A kind of form: `rows(since, until)` gives what was filled in on the days from one to the other, both included."""

    key: str
    label: Any
    rows: Callable[[dt.date, dt.date], Iterable[Filled]]


_forms: dict[str, FormSource] = {}


def look_at(source: FormSource) -> None:
    _forms[source.key] = source


def form_sources() -> Iterator[FormSource]:
    yield from (source for _key, source in sorted(_forms.items()))


def form_label(key: str) -> Any:
    return _forms[key].label if key in _forms else key


@dataclass(frozen=True)
class Pattern:
    """A count and what it consists of: never more than that.

    `left_out`: after the last one of its kind, how many that occur less often are not listed.
    """

    key: str
    title: Any
    note: Any
    count: int
    lines: tuple[tuple[str, str, str], ...] = ()  # number, url, words
    left_out: int = 0

    @property
    def unlisted(self) -> int:
        return max(0, self.count - len(self.lines))


@dataclass(frozen=True)
class PatternSource:
    """`give(at)` counts for the readers; nobody whom a count could be about is among them."""

    key: str
    label: Any
    give: Callable[[dt.datetime], Sequence[Pattern]]


_patterns: dict[str, PatternSource] = {}


def count(source: PatternSource) -> None:
    _patterns[source.key] = source


def pattern_sources() -> Iterator[PatternSource]:
    yield from (source for _key, source in sorted(_patterns.items()))
