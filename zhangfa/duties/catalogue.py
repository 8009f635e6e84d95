"""The catalogue as it stands in its file, read once per process."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

FILE = Path(__file__).with_name("catalogue.toml")
RHYTHMS = ("event", "weekly", "weeks")
SUBJECTS = ("record", "object", "company")


@dataclass(frozen=True)
class DutyRow:
    """One stage of a duty: post, clause, rhythm, what opens and closes it, how its due instant is found."""

    code: str
    stage: str
    post: str
    clause: str
    rhythm: str
    zh: str
    en: str
    evidence_zh: str
    evidence_en: str
    due: Mapping[str, Any]
    subject: str = "record"
    opens: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    voids: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    url: str = ""
    version: int = 1

    @property
    def key(self) -> str:
        return f"{self.stem}{self.version}"

    @property
    def stem(self) -> str:
        """What the keys of all versions begin with."""
        return f"{self.code}.{self.stage}."

    @property
    def figures(self) -> tuple[str, ...]:
        """The policy figures that its due rule reads."""
        return tuple(self.due[name] for name in ("key", "anchor") if name in self.due)


@dataclass(frozen=True)
class Catalogue:
    """All rows, and which of them listen to an event."""

    rows: tuple[DutyRow, ...]
    by_key: Mapping[str, DutyRow]
    opens: Mapping[str, tuple[DutyRow, ...]] = field(default_factory=dict)
    closes: Mapping[str, tuple[DutyRow, ...]] = field(default_factory=dict)
    voids: Mapping[str, tuple[DutyRow, ...]] = field(default_factory=dict)
    moves: Mapping[str, tuple[DutyRow, ...]] = field(default_factory=dict)

    def listens(self, event: str) -> bool:
        return event in self.opens or event in self.closes or event in self.voids or event in self.moves

    @property
    def rhythmic(self) -> tuple[DutyRow, ...]:
        return tuple(row for row in self.rows if row.rhythm != "event")


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Raises ValueError for a file that contradicts itself."""
    rows = tuple(_row(entry) for entry in tomllib.loads(FILE.read_text(encoding="utf-8"))["duty"])
    by_key = {row.key: row for row in rows}
    if len(by_key) != len(rows):
        raise ValueError("a duty stage stands twice in the catalogue")
    return Catalogue(
        rows, MappingProxyType(by_key), *(_by_event(rows, name) for name in ("opens", "closes", "voids", "moves"))
    )


def _row(entry: dict[str, Any]) -> DutyRow:
    lists = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
    row = DutyRow(**{**lists, "due": MappingProxyType(entry["due"])})
    if row.rhythm not in RHYTHMS or row.subject not in SUBJECTS:
        raise ValueError(f"{row.key}: rhythm or subject")
    if (row.rhythm == "event") != bool(row.opens):
        raise ValueError(f"{row.key}: an event duty, and only that, is opened by events")
    return row


def _by_event(rows: tuple[DutyRow, ...], name: str) -> Mapping[str, tuple[DutyRow, ...]]:
    found: dict[str, tuple[DutyRow, ...]] = {}
    for row in rows:
        for event in getattr(row, name):
            found[event] = (*found.get(event, ()), row)
    return MappingProxyType(found)
