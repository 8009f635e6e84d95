"""What the apps below have open when somebody leaves a seat: duties, decisions, papers to sign and to read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse

from zhangfa.approvals import registry as approvals
from zhangfa.approvals.models import Step
from zhangfa.core.text import _
from zhangfa.duties import queries
from zhangfa.duties.desks import desks_of
from zhangfa.duties.models import Occurrence
from zhangfa.duties.registry import HandoverSource, Open, hands_over
from zhangfa.organisation.models import Seat
from zhangfa.records.models import Copy, Signature
from zhangfa.records.registry import forms
from zhangfa.ui.words import text


def duties(person: int, seat: Seat, at: dt.datetime) -> Iterator[Open]:
    """What the seat owes, and what it has missed and nobody excused yet. It follows the seat by itself."""
    rows = Occurrence.objects.open().filter(seat=seat).select_related("duty", "record__parent").order_by("due_at", "pk")
    for row in rows:
        number = queries.number_on(row)
        yield Open(str(row.pk), row.duty.name, number, row.get_absolute_url(), row.due_at, row.duty.clause)


def decisions(person: int, seat: Seat, at: dt.datetime) -> Iterator[Open]:
    """Decisions that wait at the seat: they stay with it."""
    rows = Step.objects.filter(seat=seat, state=Step.State.WAITING).select_related("record")
    for step in rows.order_by("due_at", "pk"):
        label = text(approvals.kind_of(step.kind).label)
        yield Open(
            str(step.pk), f"{text(_('审批'))} {label}", step.record.number or "", step.get_absolute_url(), step.due_at
        )


def requests(person: int, seat: Seat, at: dt.datetime) -> Iterator[Open]:
    """What the leaver applied for and others still have before them: the leaver's own papers, for the successor to know."""
    if not desks_of(person, seat, at).is_here():
        return
    rows = (
        Step.objects.filter(applicant_id=person, state=Step.State.WAITING).exclude(seat=seat).select_related("record")
    )
    for step in rows.order_by("due_at", "pk"):
        label = text(approvals.kind_of(step.kind).label)
        yield Open(str(step.pk), f"{text(_('已提交'))} {label}", step.record.number or "", step.record.url, step.due_at)


def signatures(person: int, seat: Seat, at: dt.datetime) -> Iterator[Open]:
    """Papers that wait for the leaver's name: nobody else can give it, so they are to be signed before the last day."""
    if not desks_of(person, seat, at).is_here():
        return
    rows = Signature.objects.filter(signer_id=person, state=Signature.State.WAITING, record__number__isnull=False)
    for row in (
        rows.exclude(Q(record__status="void") | Q(record__form_code="JD")).select_related("record").order_by("pk")
    ):
        url = reverse("records:sign", kwargs={"pk": row.record_id, "role": row.role})
        yield Open(
            str(row.pk),
            f"{text(_('签字'))} {text(forms.get(row.record.form_code).title)}",
            row.record.number or "",
            url,
            row.record.due_at,
        )


def copies(person: int, seat: Seat, at: dt.datetime) -> Iterator[Open]:
    """Copies that the leaver has not acknowledged."""
    if not desks_of(person, seat, at).is_here():
        return
    for row in Copy.objects.filter(person_id=person, received_at=None).select_related("record").order_by("pk"):
        title = text(forms.get(row.record.form_code).title)
        yield Open(str(row.pk), f"{text(_('签收副本'))} {title}", row.record.number or "", row.record.url)


def send_copies_on(keys: Sequence[str], *, to: Any, seat: Seat, by: Any, at: dt.datetime) -> list[str]:
    """The successor gets a copy of what the leaver had not read."""
    from zhangfa.records.actions import send_copies

    moved = []
    for row in Copy.objects.filter(pk__in=[int(key) for key in keys]).select_related("record"):
        send_copies(row.record, [to.pk], by=by, at=at)
        moved.append(str(row.pk))
    return moved


def offer_own() -> None:
    hands_over(HandoverSource("duties", _("职责"), duties, order=10))
    hands_over(HandoverSource("decisions", _("待审批"), decisions, order=20))
    hands_over(HandoverSource("requests", _("已提交待别人办理"), requests, order=25, is_personal=True))
    hands_over(HandoverSource("signatures", _("待签字"), signatures, order=30, is_personal=True))
    hands_over(HandoverSource("copies", _("待签收的副本"), copies, send_copies_on, order=35, is_personal=True))
