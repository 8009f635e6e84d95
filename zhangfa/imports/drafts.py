"""Rows on their way: cells read by the kind of their field, and what several rows or the house already have in common."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from zhangfa.core import crypto
from zhangfa.core.decisions import Refusal
from zhangfa.imports import cells
from zhangfa.imports.cells import Unclear
from zhangfa.imports.models import Row
from zhangfa.imports.target import Draft, Field, Issue, Target

State = Row.State


def draft_of(row: Row) -> Draft:
    """A staged row as a draft."""
    return Draft(row.n, json.loads(row.cells) if row.cells else {}, choice=row.choice)


def read_cells(drafts: Sequence[Draft], target: Target, *, year: int | None) -> None:
    """What the cells mean, each by the kind of its field; what can't be read is an issue at the field."""
    for draft in drafts:
        draft.values, draft.issues, draft.known, draft.known_label = {}, [], None, ""
        for field in target.fields:
            cell = draft.cells.get(field.name, "")
            if not cell.strip():
                draft.values[field.name] = None
                if field.required:
                    draft.blame(field.name, "required")
                continue
            try:
                draft.values[field.name] = _read(cell, field, year)
            except Unclear as error:
                draft.values[field.name] = None
                if error.code == "too_long":
                    draft.blame(field.name, "longer", limit=field.limit)
                else:
                    draft.blame(field.name, error.code)


def _read(cell: str, field: Field, year: int | None) -> Any:
    if field.kind == "phone":
        return cells.phone_of(cell)
    if field.kind == "date":
        return cells.date_of(cell, year=year)
    if field.kind == "time":
        return cells.time_of(cell)
    if field.kind == "money":
        return cells.money_of(cell)
    if field.kind == "number":
        return cells.number_of(cell)
    if field.kind == "flag":
        return cells.flag_of(cell)
    if field.kind == "choice":
        return cells.choice_of(cell, field.choices.items())
    # A name that is looked up is compared without its width; text is kept as it was written.
    text = cells.text_of(cell, limit=field.limit, multiline=field.is_multiline)
    return text if field.kind == "text" else cells.narrow(text)


def blame(draft: Draft, refusals: Iterable[Refusal], fields: Mapping[str, str] | None = None) -> None:
    """Refusals of the house's own rules, at the field that they are about."""
    for refusal in refusals:
        name = (fields or {}).get(refusal.field, refusal.field)
        params = {key: str(value) for key, value in refusal.params.items()}
        draft.issues.append(Issue(name, refusal.code, params, refusal.text))


def key_of(*parts: str) -> str:
    """A key for what is the same; made of personal data, it says nothing of them."""
    text = "|".join(parts)
    return crypto.fingerprint(text) if text.strip("|") else ""


def settle(draft: Draft, *, twin: int | None, usual: str, target: Target) -> str:
    """What becomes of a row: wrong, to be written, or one of two whose choice decides."""
    choices = target.choices
    if twin is not None and draft.choice == "new" and target.unique:
        draft.blame(target.unique, "twin", n=twin)
    if draft.issues:
        return State.WRONG
    if draft.known is None and twin is None:
        draft.choice = ""
        return State.READY
    draft.choice = draft.choice if draft.choice in choices else usual if usual in choices else "skip"
    return State.SKIPPED if draft.choice == "skip" else State.DOUBLED
