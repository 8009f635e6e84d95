"""The company's figures as a typed choice: by name in either language, by clause or by key."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhangfa.policy import queries, wording
from zhangfa.policy.catalogue import Definition
from zhangfa.ui.registry import Choice, Lookup

MOST = 20


def _choice(definition: Definition) -> Choice:
    return Choice(definition.key, wording.title(definition), definition.clause)


def _find(actor: Any, q: str, at: dt.datetime) -> list[Choice]:
    words = q.lower().split()
    hits = (
        definition
        for definition in queries.definitions().values()
        if all(
            word in f"{definition.zh} {definition.en} {definition.clause} {definition.key}".lower() for word in words
        )
    )
    return [_choice(definition) for definition, _n in zip(hits, range(MOST), strict=False)]


def _get(actor: Any, value: str, at: dt.datetime) -> Choice | None:
    definition = queries.definitions().get(value)
    return _choice(definition) if definition else None


FIGURES = Lookup(find=_find, get=_get)
