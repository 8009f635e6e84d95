"""Excusing a duty: its owner says why, the seat above decides, nobody their own (X-1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from zhangfa.approvals.actions import request_step, void_steps
from zhangfa.approvals.models import Step
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import work
from zhangfa.duties.models import EXCUSE, Excuse, Occurrence
from zhangfa.duties.permissions import CLAUSE, after_decision, ask_excuse, proposer
from zhangfa.duties.rules import refuse_excuse
from zhangfa.records.actions import assign_number, concern, open_record
from zhangfa.records.models import Record

S = Excuse.Status
FORM = "G02"


def propose_excuse(occurrence: Occurrence, *, reason: str, by: Any, at: dt.datetime, id: UUID | None = None) -> Excuse:
    """Ask to be excused; it goes to the seat above the one that owes. Raises `Refused`."""
    with work():
        locked = Occurrence.objects.lock(occurrence.pk)
        demand(ask_excuse(locked, by=by, at=at))
        is_waiting = Excuse.objects.filter(occurrence=locked, status=S.PROPOSED).exists()
        demand(refuse_excuse(state=locked.state, is_waiting=is_waiting, reason=reason))
        record = open_record(FORM, unit=locked.unit, by=by, at=at, title=locked.duty.name[:120], id=id, retention="R4")
        excuse = Excuse.objects.create(
            record=record, occurrence=locked, reason=reason, proposed_at=at, proposed_by_id=by.person_id
        )
        record.url = excuse.get_absolute_url()
        record.save(update_fields=["url"])
        concern(record, by.person_id, "applicant")
        assign_number(record, at=at)
        announce(
            "duties.excuse.proposed", excuse, by=by, at=at, label=_("申请免责"), record_id=record.pk, clause=CLAUSE,
            codes={"duty": locked.duty_id, "occurrence": locked.pk, "state": locked.state}, values={"reason": reason},
        )  # fmt: skip
        request_step(
            record, kind=EXCUSE, authority="", seat=locked.seat.reports_to or locked.seat, unit=locked.unit, by=by, at=at,
            applicant_person_id=by.person_id, involved_person_ids=[locked.person_id], clause=CLAUSE,
            facts={"duty": locked.duty_id, "period": locked.period, "due_at": locked.due_at, "state": locked.state},
        )  # fmt: skip
        return excuse


@arrow(
    Excuse, sources=[S.PROPOSED], target=S.WITHDRAWN, label=_("撤回"), event="withdrawn", permit=proposer, clause=CLAUSE
)  # fmt: skip
def withdraw(excuse: Excuse, *, by: Any, at: dt.datetime) -> None:
    """Take the paper back before it is decided."""
    void_steps(excuse.record, by=by, at=at, reason="withdrawn")
    _mark(excuse, Record.Status.VOID)


def _still_owed(excuse: Excuse, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    # It may have been done, or voided, while the paper waited.
    occurrence = Occurrence.objects.lock(excuse.occurrence_id)
    yield from refuse_excuse(state=occurrence.state, is_waiting=False, reason=excuse.reason)


@arrow(
    Excuse, sources=[S.PROPOSED], target=S.APPROVED, label=_("同意免责"), event="approved", permit=after_decision("agreed"),
    guard=_still_owed, clause=CLAUSE, is_automatic=True,
)  # fmt: skip
def approve(excuse: Excuse, *, by: Any, at: dt.datetime) -> None:
    """The duty is excused: not green, not red, and no longer passed up. When it was done, if it was, stays with it."""
    Occurrence.objects.filter(pk=excuse.occurrence_id).update(state=Occurrence.State.EXCUSED)
    _mark(excuse, Record.Status.APPROVED)


@arrow(
    Excuse, sources=[S.PROPOSED], target=S.REFUSED, label=_("不同意免责"), event="refused",
    permit=after_decision("refused", "returned"), clause=CLAUSE, is_automatic=True,
)  # fmt: skip
def refuse(excuse: Excuse, *, by: Any, at: dt.datetime) -> None:
    """The duty stays as it is; another paper with another reason may be handed in."""
    _mark(excuse, Record.Status.REFUSED)


FOLLOWS = {Step.State.AGREED: approve, Step.State.REFUSED: refuse, Step.State.RETURNED: refuse}


def lock_excuse(step: Step) -> Excuse:
    return Excuse.objects.lock(step.record_id)


def follow_decision(step: Step, *, by: Any, at: dt.datetime) -> None:
    """What the decision brings about, in its own transaction."""
    FOLLOWS[Step.State(step.state)](lock_excuse(step), by=by, at=at)


def _mark(excuse: Excuse, status: str) -> None:
    Record.objects.filter(pk=excuse.record_id).update(status=status)
    excuse.record.status = status
