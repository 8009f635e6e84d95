"""Which rule of the house a step follows, said on the page that offers it; the app that owns the steps tells (CC-W1.1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Citation:
    """The rule in the version that binds now, its clause as far as one fits, and where both can be read."""

    title: str
    clause: str = ""
    edition: int = 0
    seq: int = 0
    text: str = ""
    url: str = ""
    draft_url: str = ""  # before the rule is promulgated: where it is drafted


# What is worked on (a model's label or a kind of decision) → fn(clause of the step, at).
_sources: dict[str, Callable[[str, dt.datetime], Citation | None]] = {}


def source(subject: str, find: Callable[[str, dt.datetime], Citation | None]) -> None:
    """Say how the steps of something cite their rule."""
    _sources[subject] = find


def cited(subject: Any, clause: str, at: dt.datetime) -> Citation | None:
    """What a step with this clause follows; `subject` is an object, or the name of a kind of decision."""
    known = _sources.get(
        subject if isinstance(subject, str) else getattr(getattr(subject, "_meta", None), "label_lower", "")
    )
    return known(clause, at) if known and clause else None


def cited_next(page: Any, buttons: Sequence[Any]) -> Citation | None:
    """What the next step of a record's page follows; `aside_steps` of the page are never what a paper waits for."""
    aside = getattr(page, "aside_steps", ())
    first = next((step.clause for step, _refusals, _url in buttons if step.name not in aside), "")
    return cited(page.object, page.next_clause() or first, page.at)
