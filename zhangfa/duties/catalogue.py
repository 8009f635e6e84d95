"""The catalogue as it stands in its files, and how a company's own versions are put beside them."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

FOLDER = Path(__file__).with_name("presets")
REASONS = "reasons.toml"
RHYTHMS = ("event", "rhythm", "days", "weeks", "plan")
# Opened by something that happens, or by a timetable that somebody writes; never by the clock.
EVENTFUL = ("event", "plan")
SUBJECTS = ("record", "object", "day", "company", "seat", "person")
NAMES = ("opens", "closes", "voids", "moves")


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
    others: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    subject: str = "record"
    audience: tuple[str, ...] = ()
    need: Mapping[str, Any] = field(default_factory=dict)
    match: Mapping[str, Any] = field(default_factory=dict)
    opens: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    voids: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    url: str = ""
    off: str = ""
    # The code of the event that names the unit whose seat owes it.
    place: str = ""
    # Of a duty about a day of that unit: the code that names the day.
    on: str = ""
    # What was done and is asked for once more on the same day is owed again, to the same instant.
    again: bool = False
    version: int = 1
    # What a company decided for itself: the form whose papers prove it, the field that must be filled, from and until when.
    form: str = ""
    asks: Mapping[str, Any] = field(default_factory=dict)
    from_at: dt.datetime | None = None
    until_at: dt.datetime | None = None
    why: str = ""
    is_own: bool = False

    @property
    def key(self) -> str:
        return f"{self.stem}{self.version}"

    @property
    def stem(self) -> str:
        """What the keys of all versions begin with."""
        return f"{self.code}.{self.stage}."

    @property
    def posts(self) -> tuple[str, ...]:
        return (self.post, *self.others)

    @property
    def clauses(self) -> tuple[str, ...]:
        return (self.clause, *self.also)

    @property
    def is_on(self) -> bool:
        return not self.off

    @property
    def is_eventful(self) -> bool:
        return self.rhythm in EVENTFUL

    def covers(self, at: dt.datetime) -> bool:
        """Whether this version is the one that counts for what begins at the instant."""
        return (self.from_at is None or self.from_at <= at) and (self.until_at is None or at < self.until_at)

    @property
    def is_counted(self) -> bool:
        """Its evidence belongs to the period in which it came and can't be made up for afterwards."""
        return bool(self.need)

    @property
    def figures(self) -> tuple[str, ...]:
        """The policy figures that its due rule and its count read."""
        return tuple(
            rule[name] for rule, name in ((self.due, "key"), (self.due, "anchor"), (self.need, "key")) if name in rule
        )


@dataclass(frozen=True)
class Catalogue:
    """All rows, and which of them listen to an event."""

    rows: tuple[DutyRow, ...]
    by_key: Mapping[str, DutyRow]
    opens: Mapping[str, tuple[DutyRow, ...]] = field(default_factory=dict)
    closes: Mapping[str, tuple[DutyRow, ...]] = field(default_factory=dict)
    voids: Mapping[str, tuple[DutyRow, ...]] = field(default_factory=dict)
    moves: Mapping[str, tuple[DutyRow, ...]] = field(default_factory=dict)

    by_stem: Mapping[str, tuple[DutyRow, ...]] = field(default_factory=dict)
    by_form: Mapping[str, tuple[DutyRow, ...]] = field(default_factory=dict)

    def others(self, duty: DutyRow) -> list[str]:
        """The keys of its other versions that stand in the catalogue: each settles what it opened."""
        return [row.key for row in self.by_stem[duty.stem] if row.key != duty.key]

    def current(self, at: dt.datetime) -> list[DutyRow]:
        """The version of each duty that counts at the instant."""
        return [row for row in self.rows if row.covers(at)]

    def listens(self, event: str) -> bool:
        return event in self.opens or event in self.closes or event in self.voids or event in self.moves

    @property
    def rhythmic(self) -> tuple[DutyRow, ...]:
        """What the clock opens; a duty whose evidence the program can't see yet is owed to nobody."""
        return tuple(row for row in self.rows if row.is_on and not row.is_eventful)


def catalogue() -> Catalogue:
    """Raises ValueError for a file that contradicts itself."""
    return _source[0]()


def lend(source: Callable[[], Catalogue], *, names: Callable[[], Catalogue] | None = None) -> None:
    """Another catalogue takes the place of the files': the company's own, the simulation's. `names` knows the same events for less."""
    _source[:] = [source, names or source]


def is_heard(event: str) -> bool:
    """Whether any duty listens to the event, without asking what the company has changed: it changes no names."""
    return _source[-1]().listens(event)


@contextmanager
def lent(source: Callable[[], Catalogue]) -> Iterator[None]:
    """Another catalogue for a while."""
    before = list(_source)
    lend(source)
    try:
        yield
    finally:
        _source[:] = before


@lru_cache(maxsize=1)
def from_files() -> Catalogue:
    known = reasons()
    rows = [
        _row(entry, known)
        for path in sorted(FOLDER.glob("*.toml"))
        if path.name != REASONS
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["duty"]
    ]
    return made_of(rows)


_source: list[Callable[[], Catalogue]] = [from_files]


def made_of(rows: Iterable[DutyRow]) -> Catalogue:
    ordered = tuple(sorted(rows, key=lambda row: (row.code, row.stage, row.version)))
    by_key = {row.key: row for row in ordered}
    if len(by_key) != len(ordered):
        raise ValueError("a duty stage stands twice in the catalogue")
    by_stem: dict[str, tuple[DutyRow, ...]] = {}
    by_form: dict[str, tuple[DutyRow, ...]] = {}
    for row in ordered:
        by_stem[row.stem] = (*by_stem.get(row.stem, ()), row)
        if row.form and row.is_on:
            by_form[row.form] = (*by_form.get(row.form, ()), row)
    tables = (_by_event(ordered, name) for name in NAMES)
    return Catalogue(ordered, MappingProxyType(by_key), *tables, MappingProxyType(by_stem), MappingProxyType(by_form))


def in_turn(rows: Iterable[DutyRow]) -> list[DutyRow]:
    """The versions of one duty, each until the next begins."""
    ordered = sorted(rows, key=lambda row: row.version)
    return [
        replace(row, until_at=after.from_at if after else None)
        for row, after in zip(ordered, [*ordered[1:], None], strict=True)
    ]


@lru_cache(maxsize=1)
def reasons() -> Mapping[str, Mapping[str, str]]:
    """Why duties are switched off, by code, in both languages."""
    return tomllib.loads((FOLDER / REASONS).read_text(encoding="utf-8"))


def _row(entry: dict[str, Any], known: Mapping[str, Any]) -> DutyRow:
    facts = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
    facts["others"] = facts.pop("with", ())
    facts |= {name: MappingProxyType(facts.get(name, {})) for name in ("due", "need", "match")}
    row = DutyRow(**facts)
    if row.rhythm not in RHYTHMS or row.subject not in SUBJECTS or (row.off and row.off not in known):
        raise ValueError(f"{row.key}: rhythm, subject or reason")
    if row.is_on and (not row.closes or row.is_eventful != bool(row.opens)):
        raise ValueError(
            f"{row.key}: a duty of an event or a plan, and only that, is opened by events; each is closed by some"
        )
    return row


def _by_event(rows: tuple[DutyRow, ...], name: str) -> Mapping[str, tuple[DutyRow, ...]]:
    found: dict[str, tuple[DutyRow, ...]] = {}
    for row in rows:
        for event in getattr(row, name) if row.is_on else ():
            found[event] = (*found.get(event, ()), row)
    return MappingProxyType(found)
