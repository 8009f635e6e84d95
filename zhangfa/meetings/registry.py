"""What weekly meetings arrive with: figures lent by other apps, and the tasks app that decisions go to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Line:
    """One figure of the week: of which unit (empty: the meeting's own), what it is, its value, the week before, what was planned, how it reads."""

    label: str
    value: Any
    unit: str = ""
    before: Any = None
    kind: str = "number"
    tone: str = ""
    target: Any = None

    def plain(self) -> dict[str, Any]:
        return {
            "label": self.label, "value": str(self.value), "unit": self.unit, "before": None if self.before is None else str(self.before),
            "kind": self.kind, "tone": self.tone,
            **({} if self.target is None else {"target": str(self.target), "variance": str(self.value - self.target)}),
        }  # fmt: skip


# give(unit, first, last, at) -> lines; `unit` is the company or a department; first and last days of the week before.
Give = Callable[[Any, dt.date, dt.date, dt.datetime], Sequence[Line]]
_figures: dict[str, tuple[int, Give]] = {}


def figures(key: str, give: Give, *, order: int = 50) -> None:
    """Lend the weekly meetings a block of figures; labels are marked Chinese, translated where they are shown."""
    _figures[key] = (order, give)


def givers() -> Iterator[tuple[str, Give]]:
    for key, (_order, give) in sorted(_figures.items(), key=lambda entry: (entry[1][0], entry[0])):
        yield key, give


Words = Mapping[str, str]


@dataclass(frozen=True)
class Origin:
    """A kind of thing that meetings are about (`care.visit`).

    `record_of(id)` is the paper whose duties its meeting settles; `words(actor, id, at)` fills the call for whoever may see it.
    """

    record_of: Callable[[str], Any]
    words: Callable[[Any, str, dt.datetime], Words]


_origins: dict[str, Origin] = {}


def origin(kind: str, record_of: Callable[[str], Any], words: Callable[[Any, str, dt.datetime], Words]) -> None:
    _origins[kind] = Origin(record_of, words)


def record_behind(kind: str, source_id: str) -> Any:
    """The paper that a meeting is about; none where the id is nonsense."""
    known = _origins.get(kind)
    try:
        return known.record_of(source_id) if known else None
    except ValueError:
        return None


def words_about(kind: str, actor: Any, source_id: str, at: dt.datetime) -> Words:
    """What is known already of what the meeting is about: its topic and the problem to be solved."""
    known = _origins.get(kind)
    return known.words(actor, source_id, at) if known else {}
