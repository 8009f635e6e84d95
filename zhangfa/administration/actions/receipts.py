"""Receipts of a revision as a duty: each department's head sees that everybody there confirms it in time (AM-D1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from zhangfa.administration.models import Revision, RevisionReader
from zhangfa.administration.revision_rules import CLAUSE
from zhangfa.core import clock
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.organisation.models import Holding, Unit
from zhangfa.organisation.queries import manager_seat_of

EVENT = "administration.revision"


def departments_of(people: Collection[int], at: dt.datetime) -> dict[int, int | None]:
    """Where each of these people sits, by department; without one they answer for themselves."""
    held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), person__in=people, seat__is_active=True)
    return dict(held.order_by("-pk").values_list("person_id", "seat__unit__department_id"))


def owe(row: Revision, departments: Collection[int | None], *, by: Any, at: dt.datetime) -> None:
    """One duty for each department, however many there are to confirm."""
    for unit in Unit.objects.filter(pk__in=[key for key in departments if key]).order_by("pk"):
        seat = manager_seat_of(unit)
        if seat is not None:
            codes = {"subject": _subject(row, unit.pk), "seat": seat.pk}
            announce(
                f"{EVENT}.receipts_owed", row, by=by, at=at, label=_("督促本部门签收"), record_id=row.pk, clause=CLAUSE, codes=codes
            )  # fmt: skip


def given(row: Revision, person: int | None, *, by: Any, at: dt.datetime) -> None:
    """Somebody confirmed: with the last of a department its duty is done."""
    department = row.readers.filter(person_id=person).values_list("department", flat=True).first()
    if department is not None and not row.readers.filter(read_at=None, department=department).exists():
        announce(
            f"{EVENT}.receipts_complete", row, by=by, at=at, label=_("本部门已全部签收"), record_id=row.pk, clause=CLAUSE,
            codes={"subject": _subject(row, department)},
        )  # fmt: skip


def release(row: Revision, *, by: Any, at: dt.datetime) -> None:
    """The version was taken back or replaced: nobody need confirm it any more."""
    open_ones = RevisionReader.objects.filter(revision=row, read_at=None).exclude(department=None)
    for department in sorted(set(open_ones.values_list("department", flat=True))):
        announce(
            f"{EVENT}.receipts_released", row, by=by, at=at, label=_("不再需要签收"), record_id=row.pk, clause=CLAUSE,
            codes={"subject": _subject(row, department)},
        )  # fmt: skip


def _subject(row: Revision, department: int) -> str:
    return f"record:{row.pk}/{department}"
