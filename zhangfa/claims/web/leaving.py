"""What somebody who leaves a seat has open about cases, and how their successor gets it (X-1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from zhangfa.claims import actions
from zhangfa.claims.models import Case, LearningTask
from zhangfa.claims.web.state import due_of
from zhangfa.core.text import _
from zhangfa.duties.desks import Desks, desks_of
from zhangfa.duties.registry import HandoverSource, Open, hands_over
from zhangfa.ui.words import text

S = Case.Status
CLOSED = (S.CLOSED, S.VOID)


def _is_here(desks: Desks, case: Case) -> bool:
    """An outlet's own case belongs to the outlet's seat, any other to the specialist's."""
    if case.handled_by == Case.HandledBy.OUTLET:
        return desks.is_here(unit=case.unit_id, posts=("oa", "sl"))
    return desks.is_here(posts=("cc", "cs"))


def cases(person: int, seat: Any, at: dt.datetime) -> Iterator[Open]:
    """The leaver's open cases, each with the day that was promised to the customer."""
    rows = (
        Case.objects.filter(handler_id=person).exclude(status__in=CLOSED).select_related("record", "customer", "unit")
    )
    desks = desks_of(person, seat, at)
    for case in rows.order_by("pk"):
        if not _is_here(desks, case):
            continue
        yield Open(
            str(case.pk), f"{text(case.get_kind_display())} {case.get_status_display()}", case.record.number or "",
            case.get_absolute_url(), due_of(case), f"{case.customer.name if case.customer else case.reporter} {case.unit.name}",
        )  # fmt: skip


def promises(person: int, seat: Any, at: dt.datetime) -> Iterator[Open]:
    """Days that the leaver promised to customers and that are still to be kept."""
    rows = Case.objects.filter(handler_id=person, promised_on__isnull=False).exclude(status__in=CLOSED)
    desks = desks_of(person, seat, at)
    for case in rows.select_related("record", "customer").order_by("promised_on", "pk"):
        if not _is_here(desks, case):
            continue
        title = f"{text(_('答应客户的日期'))} {case.promised_on:%Y-%m-%d}"
        note = case.customer.name if case.customer else case.reporter
        yield Open(str(case.pk), title, case.record.number or "", case.get_absolute_url(), None, note)


def lessons(person: int, seat: Any, at: dt.datetime) -> Iterator[Open]:
    """Analyses of closed cases that the leaver still owes."""
    desks = desks_of(person, seat, at)
    for task in (
        LearningTask.objects.filter(owner_id=person, submitted_at=None)
        .select_related("case__record")
        .order_by("due_at")
    ):
        if not _is_here(desks, task.case):
            continue
        yield Open(
            str(task.pk),
            text(_("提交事故分析")),
            task.case.record.number or "",
            task.case.get_absolute_url(),
            task.due_at,
        )


def give_cases(keys: Sequence[str], *, to: Any, seat: Any, by: Any, at: dt.datetime) -> list[str]:
    """The successor handles the cases from now on; what has been closed or given away meanwhile stays where it is."""
    moved = []
    for key in keys:
        case = Case.objects.filter(pk=UUID(key)).exclude(status__in=CLOSED).exclude(worker_id=to.pk).first()
        if case is not None and case.handler_id != to.pk:
            actions.take_over(case, by=by, at=at, person=to)
            moved.append(key)
    return moved


def give_lessons(keys: Sequence[str], *, to: Any, seat: Any, by: Any, at: dt.datetime) -> list[str]:
    LearningTask.objects.filter(pk__in=keys, submitted_at=None).update(owner=to)
    return list(keys)


def offer_cases() -> None:
    hands_over(HandoverSource("cases", _("案件"), cases, give_cases, order=40))
    hands_over(HandoverSource("promises", _("对客户的承诺"), promises, order=45))
    hands_over(HandoverSource("lessons", _("事故分析"), lessons, give_lessons, order=46))
