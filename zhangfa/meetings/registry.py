"""What weekly meetings arrive with: figures lent by other apps, and the tasks app that decisions go to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
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


_origins: dict[str, Callable[[str], Any]] = {}


def origin(kind: str, record_of: Callable[[str], Any]) -> None:
    """What a meeting may be about (`care.visit`): `record_of(id)` is the paper whose duties its meeting settles."""
    _origins[kind] = record_of


def record_behind(kind: str, source_id: str) -> Any:
    known = _origins.get(kind)
    return known(source_id) if known else None
