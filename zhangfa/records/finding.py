"""Papers found by number, seen by those whom they concern and by the heads of their department, and picked in a form's field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Grade
from zhangfa.records.models import Record
from zhangfa.ui.registry import Choice, Lookup

FOUND = 12


def numbered(query: str) -> Q:
    """The paper whose number was typed, in capitals or not."""
    query = query.strip()
    return Q(pk__in=Record.objects.filter(number__in={query, query.upper()}).values("pk"))


def seen_by(
    rows: Any, actor: Actor, everywhere: Sequence[str], *, of_departments: Callable[[list[int]], Q] | None = None
) -> list[Any]:
    """The ways to see a paper: posts that see all, people whom it concerns, and a head whose department it is of."""
    if actor.is_system or actor.holds(*everywhere):
        return [rows.all()]
    if actor.person_id is None:
        return [rows.none()]
    own = rows.filter(pk__in=Record.objects.filter(concerns__person_id=actor.person_id).order_by().values("pk"))
    heads = [s.department_id or s.unit_id for s in actor.seats if s.grade == Grade.DEPARTMENT_MANAGER]
    if not heads:
        return [own]
    return [own, rows.filter(of_departments(heads) if of_departments else Q(department_id__in=heads))]


def lookup_of(model: Any, title: str) -> Lookup:
    """A field's search among the papers of a model that its reader sees, newest first; `title` is what a paper is called by."""

    def choice(row: Any) -> Choice:
        return Choice(str(row.pk), getattr(row, title), row.record.number or "")

    def find(actor: Actor, q: str, at: dt.datetime) -> Sequence[Choice]:
        rows = model.objects.visible_to(actor).search(q).select_related("record").order_by("-pk")
        return [choice(row) for row in rows[:FOUND]]

    def get(actor: Actor, value: str, at: dt.datetime) -> Choice | None:
        try:
            pk = UUID(value)
        except ValueError:
            return None
        row = model.objects.visible_to(actor).select_related("record").filter(pk=pk).first()
        return choice(row) if row else None

    return Lookup(find, get)
