"""What the apps above lend to the shell: figures, to-do items, search, badges, choices, panels, statuses.

Filled in `apps.py: ready()`; every source answers for one actor at one instant and bounds what it returns.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from zhangfa.core.decisions import Refusal, Refused
from zhangfa.core.text import _

LIMIT = 8  # rows that a workbench block or a search group shows


@dataclass(frozen=True)
class Source:
    key: str
    give: Callable[..., Any]
    label: Any = ""
    order: int = 50
    url: Any = ""  # where the whole list is
    below: str = ""  # the part of the workbench that is fetched after its first view


class Registry:
    """Named sources in a fixed order; a second registration under the same name replaces the first."""

    def __init__(self) -> None:
        self._sources: dict[str, Source] = {}

    def add(
        self, key: str, give: Callable[..., Any], *, label: Any = "", order: int = 50, url: Any = "", below: str = ""
    ) -> None:
        self._sources[key] = Source(key, give, label, order, url, below)

    def get(self, key: str) -> Source | None:
        return self._sources.get(key)

    def __iter__(self) -> Iterator[Source]:
        return iter(sorted(self._sources.values(), key=lambda source: (source.order, source.key)))

    def __contains__(self, key: str) -> bool:
        return key in self._sources

    def tell(self, *args: Any) -> None:
        """Call every source for its effect (looks, export log)."""
        for source in self:
            source.give(*args)


@dataclass(frozen=True)
class Answer:
    """What can be said to an item without opening it: a form that is sent to the page that decides, asked once more before."""

    label: Any
    url: str
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Item:
    """One line on the workbench: a thing that waits for somebody; `rung`: how often it has been passed up, `amount`: money at stake."""

    title: Any
    url: str
    number: str = ""
    due_at: dt.datetime | None = None
    note: Any = ""
    holder: str = ""
    tone: str = ""
    amount: Decimal | None = None
    rung: int = 0
    answers: tuple[Answer, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Figure:
    """One of my figures: a number with its name; `tone` green, amber or red where it stands against a limit."""

    label: Any
    value: Any
    kind: str = "number"
    url: str = ""
    note: Any = ""
    tone: str = ""


@dataclass(frozen=True)
class Owner:
    """Who owns how much of what is red: since when the longest of it is overdue, and where the list of it stands."""

    key: str
    name: str
    count: int
    since: dt.datetime
    url: str = ""


@dataclass(frozen=True)
class Result:
    title: Any
    url: str
    number: str = ""
    status: Any = ""
    note: Any = ""


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    note: str = ""


@dataclass(frozen=True)
class Lookup:
    """A typed search over many choices: `find(actor, q, at)` lists, `get(actor, value, at)` checks what was chosen."""

    find: Callable[[Any, str, dt.datetime], Sequence[Choice]]
    get: Callable[[Any, str, dt.datetime], Choice | None]


@dataclass(frozen=True)
class Status:
    label: Any
    tone: str = "grey"


@dataclass(frozen=True)
class Part:
    """A block of a record page that is fetched when it is opened: `give(page, obj)` returns template and context."""

    key: str
    label: Any
    give: Callable[[Any, Any], tuple[str, Mapping[str, Any]]]
    open: bool = False
    permission: Any = None


@dataclass
class Named:
    """A plain table by name."""

    _items: dict[str, Any] = field(default_factory=dict)

    def add(self, key: str, value: Any) -> None:
        self._items[key] = value

    def get(self, key: str, default: Any = None) -> Any:
        return self._items.get(key, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)


class Slot:
    """A place for one function that an app above fills at start-up; until then the default answers."""

    def __init__(self, default: Callable[..., Any]):
        self._function = default

    def set(self, function: Callable[..., Any]) -> None:
        self._function = function

    def __call__(self, *args: Any) -> Any:
        return self._function(*args)


def _no_spreadsheet(*_args: Any) -> bytes:
    raise Refused([Refusal("export", _("这个安装没有导出功能。"))])


class Panels:
    """Parts that apps above add to the record pages of apps below, by model label."""

    def __init__(self) -> None:
        self._parts: dict[str, list[Part]] = {}

    def add(self, model_label: str, part: Part) -> None:
        known = self._parts.setdefault(model_label, [])
        if all(other.key != part.key for other in known):
            known.append(part)

    def of(self, model_label: str) -> list[Part]:
        return self._parts.get(model_label, [])


todo, waiting, overdue_below, figures = Registry(), Registry(), Registry(), Registry()
# What is red in the reader's part of the company, why, and who owns it (RPT-22).
red = Registry()
# All of it by its owners, under the same names: fn(actor, at) -> [Owner].
red_owners = Registry()
search, badges = Registry(), Registry()
# One click from the workbench: fn(actor, at) -> [(label, url, icon)].
shortcuts = Registry()
opened = Registry()
# fn(page, title, columns, rows, filters in words) -> xlsx bytes; watermarked and logged by whoever lends it
spreadsheet = Slot(_no_spreadsheet)
lookups, statuses = Named(), Named()
panels = Panels()
# fn() -> (the most rows of a spreadsheet that is waited for, where a longer one is asked of the worker)
whole: Slot = Slot(lambda: (0, ""))
