"""What can be decided: each kind with its words, its deadline and what follows, declared by the app whose paper it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zhangfa.approvals.models import Step

DEFAULT_KEY = "approval.escalation_hours"


def _nothing(step: Step) -> None:
    return None


def _no_words(step: Step) -> str:
    return ""


def _no_sentences(step: Step) -> Sequence[str]:
    return ()


def _nothing_follows(step: Step, *, by: Any, at: dt.datetime) -> None:
    return None


@dataclass(frozen=True)
class Kind:
    """One kind of decision.

    `lock(step)` takes the domain's own row locks before the step's, in the house's order; `decided(step, by=, at=)` runs in
    the decision's transaction; `summary(step)` is one line without personal data; `why(step)` are the comparisons in the
    reader's language; `decide_url(step)` is the page that decides where it isn't the generic one.
    """

    name: str
    label: str
    escalation_key: str = DEFAULT_KEY
    lock: Callable[[Step], Any] = _nothing
    decided: Callable[..., Any] = _nothing_follows
    summary: Callable[[Step], str] = _no_words
    why: Callable[[Step], Sequence[str]] = _no_sentences
    decide_url: Callable[[Step], str] = _no_words


_kinds: dict[str, Kind] = {}


def kind(name: str, label: str, **more: Any) -> None:
    """Declare a kind of decision (`claims.settlement`); `label` is marked Chinese."""
    _kinds[name] = Kind(name, label, **more)


def kind_of(name: str) -> Kind:
    """Raises KeyError for a kind that no app declared."""
    return _kinds[name]


def kinds() -> list[Kind]:
    return sorted(_kinds.values(), key=lambda known: known.name)
