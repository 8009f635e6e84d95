"""Where tasks come from: the apps above say what a source is called and where it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from zhangfa.ui.words import text


@dataclass(frozen=True)
class Source:
    """A ground for tasks: a meeting's resolution, a corrective action, a company document that is followed up.

    `has_own_ground`: it binds whoever it names, not only the giver's own subordinates. `url(id)` is where it stands.
    `happened(task, event, by, at)` hears inside the transaction what becomes of its tasks: assigned, reported, accepted,
    returned, withdrawn.
    """

    kind: str
    label: Any
    url: Callable[[str], str] = lambda id: ""
    has_own_ground: bool = True
    happened: Callable[..., Any] | None = None


_sources: dict[str, Source] = {}
DIRECT = Source("", "", has_own_ground=False)


def source(kind: str, label: Any, **more: Any) -> None:
    """Declare a kind of source, marked for translation; called in `apps.py: ready()`."""
    _sources[kind] = Source(kind, label, **more)


def source_of(kind: str) -> Source:
    """Raises KeyError for a kind that no app declared."""
    return _sources[kind] if kind else DIRECT


def kinds() -> list[tuple[str, Any]]:
    return [(one.kind, text(one.label)) for one in _sources.values()]
