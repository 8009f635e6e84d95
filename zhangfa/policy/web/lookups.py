"""Figures and clauses as typed choices: by what they are called or say in either language, or by their code."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhangfa.policy import queries, wording
from zhangfa.policy.catalogue import Clause, Definition
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


def _clause(clause: Clause, at: dt.datetime) -> Choice:
    return Choice(clause.id, clause.id, wording.clause_text(clause, wording.language(), at))


def _find_clauses(actor: Any, q: str, at: dt.datetime) -> list[Choice]:
    words = q.lower().split()
    hits = (
        clause
        for clause in queries.handbook().clauses.values()
        if all(word in f"{clause.id} {clause.zh} {clause.en}".lower() for word in words)
    )
    return [_clause(clause, at) for clause, _n in zip(hits, range(MOST), strict=False)]


def _get_clause(actor: Any, value: str, at: dt.datetime) -> Choice | None:
    clause = queries.handbook().clauses.get(value)
    return _clause(clause, at) if clause else None


FIGURES = Lookup(find=_find, get=_get)
CLAUSES = Lookup(find=_find_clauses, get=_get_clause)
