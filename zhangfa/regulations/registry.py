"""Where regulations come from: an accident, a problem on a visit, a meeting. The app above tells how its chain goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zhangfa.organisation.actor import Actor


@dataclass(frozen=True)
class Stage:
    """One step of a chain: what, whether it is done, by when it was due, who has it, and where it is done.

    `state` is worked out where it is left empty: done, late (done too late), overdue, due, waiting. `is_skipped` says that it
    is not needed here and `note` why.
    """

    label: Any
    done_at: dt.datetime | None = None
    due_at: dt.datetime | None = None
    holder: str = ""
    url: str = ""
    note: Any = ""
    is_skipped: bool = False
    is_open: bool = True
    clause: str = ""

    def state(self, at: dt.datetime) -> str:
        if self.is_skipped:
            return "skipped"
        if self.done_at is not None:
            return "late" if self.due_at is not None and self.done_at > self.due_at else "done"
        if self.due_at is not None and self.due_at < at:
            return "overdue"
        return "due" if self.is_open else "waiting"


@dataclass(frozen=True)
class Origin:
    """What a chain begins with, as the reader may see it, and what is owed from there."""

    title: Any
    url: str
    number: str = ""
    started_at: dt.datetime | None = None
    draft_due_at: dt.datetime | None = None
    promulgate_due_at: dt.datetime | None = None
    meeting_due_at: dt.datetime | None = None
    needs_meeting: bool = False
    waived: Any = ""  # why no regulation is needed here; empty where one is
    before: Sequence[Stage] = ()
    after: Sequence[Stage] = ()
    is_closed: bool = False
    # Called or drafted for something else, but what this went on by.
    meeting_id: Any = None
    regulation_id: Any = None


@dataclass(frozen=True)
class Source:
    """A kind of origin. `find(actor, id, at)` gives it to whoever may see it; `meetings` and `regulations` are its rows so far."""

    kind: str
    label: Any
    find: Callable[[Actor, str, dt.datetime], Origin | None]
    record_of: Callable[[str], Any] = field(default=lambda _id: None)


_sources: dict[str, Source] = {}


def source(kind: str, label: Any, find: Callable[..., Origin | None], *, record_of: Callable[[str], Any] | None = None) -> None:  # fmt: skip
    """Declare an origin of regulations and meetings (`claims.case`, `care.visit`); `record_of(id)` is its paper's id, if any."""
    _sources[kind] = Source(kind, label, find, record_of or (lambda _id: None))


def source_of(kind: str) -> Source | None:
    return _sources.get(kind)


def sources() -> list[Source]:
    return sorted(_sources.values(), key=lambda known: known.kind)
