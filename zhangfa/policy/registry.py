"""What the program does with clauses and figures: which app reads which value, and how far each clause works (X-2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

PLANNED, PARTIAL, WORKS = "planned", "partial", "works"
STATUSES = (PLANNED, PARTIAL, WORKS)


@dataclass(frozen=True)
class Page:
    """Where a clause is at work: the name of an address and what it is called there."""

    url_name: str
    label: str


_readers: set[str] = set()
_status: dict[str, str] = {}
_pages: dict[str, list[Page]] = {}


def reads(*keys: str) -> None:
    """An app decides something by these figures; those that nothing reads are marked so."""
    _readers.update(keys)


def serves(clause: str, status: str, pages: Iterable[tuple[str, str]] = ()) -> None:
    """An app does what the clause asks, in part or wholly; `pages` are (address name, label). The furthest status counts."""
    if status not in STATUSES:
        raise ValueError(f"{clause}: unknown status {status}")
    _status[clause] = max(_status.get(clause, PLANNED), status, key=STATUSES.index)
    known = _pages.setdefault(clause, [])
    known.extend(page for page in (Page(*entry) for entry in pages) if page not in known)


def is_read(key: str) -> bool:
    return key in _readers


def read_keys() -> frozenset[str]:
    return frozenset(_readers)


def status_of(clause: str) -> str:
    return _status.get(clause, PLANNED)


def pages_of(clause: str) -> list[Page]:
    return list(_pages.get(clause, ()))


def served_clauses() -> frozenset[str]:
    return frozenset(_status)


@dataclass(frozen=True)
class DutyLine:
    """One duty of a post as the handbook shows it: `title`, `rhythm`, and why it is not watched yet, in the reader's language."""

    id: str
    title: str
    rhythm: str
    clause: str
    url: str = ""
    off: str = ""


_duty_source: list[Callable[[str], Iterable[DutyLine]]] = []


def lend_duties(source: Callable[[str], Iterable[DutyLine]]) -> None:
    """The duties app shows its catalogue here: `source(post)` gives the lines of a post."""
    _duty_source[:] = [source]


def duty_lines(post: str) -> list[DutyLine]:
    return list(_duty_source[0](post)) if _duty_source else []
