"""Refusals: the one way in which a rule says no, with its clause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Refusal:
    """One reason why an action is not allowed: code for scripts, words for people, clause as its ground.

    `text` is a whole Chinese sentence with named placeholders, marked with `core.text._`; interfaces translate it.
    `field` names the input it belongs to; `who` lists the posts that could do what was refused.
    """

    code: str
    text: str
    params: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    clause: str = ""
    field: str = ""
    who: tuple[str, ...] = ()


class Refused(Exception):
    """An action was refused; nothing has been written."""

    def __init__(self, refusals: Iterable[Refusal]):
        self.refusals = tuple(refusals)
        super().__init__(", ".join(refusal.code for refusal in self.refusals))


def demand(refusals: Iterable[Refusal]) -> None:
    """Raise `Refused` with every reason that the rule yields; return when it yields none."""
    found = tuple(refusals)
    if found:
        raise Refused(found)
