"""Handing in the doctor's note of a sick leave, and reminding of one that is owed (AM-W4.1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.core.transitions import transition as arrow
from zhangfa.notices.actions import notify
from zhangfa.organisation.models import Holding
from zhangfa.people import leave_rules
from zhangfa.people.leave_rules import CLAUSE
from zhangfa.people.models import Leave, MedicalNote
from zhangfa.people.permissions import applicant
from zhangfa.records.actions import Prepared, assign_number, attach, concern, open_record
from zhangfa.records.models import Attachment

FORM = "U07Z"
S = Leave.Status


def _guard(
    leave: Leave, *, by: Any, at: dt.datetime, unfit_from: dt.date, unfit_to: dt.date, hospital: str = "", files: Sequence[Prepared] = ()
) -> Iterator[Refusal]:  # fmt: skip
    yield from leave_rules.refuse_note(
        unfit_from=unfit_from, unfit_to=unfit_to, today=clock.local_date(at), files=len(files)
    )


def _is_sick(leave: Leave) -> bool:
    return leave.kind_facts.needs_note


@arrow(
    Leave, sources=[S.PROPOSED, S.APPROVED, S.ENDED], target=None, label=_("交医院证明"), event="note_handed", permit=applicant,
    guard=_guard, clause=CLAUSE, applies=_is_sick, hint=_("只有本人和人事看得到证明，其他人只看到已交。"),
)  # fmt: skip
def hand_note(
    leave: Leave, *, by: Any, at: dt.datetime, unfit_from: dt.date, unfit_to: dt.date, hospital: str = "", files: Sequence[Prepared] = (),
) -> dict[str, Any]:  # fmt: skip
    """The note becomes a paper of its own under the leave; the leave itself only says that it was handed in."""
    record = open_record(
        FORM,
        unit=leave.unit,
        by=by,
        at=at,
        title=_("医院证明"),
        retention="R1",
        parent=leave.record,
        url=leave.get_absolute_url(),
    )
    concern(record, leave.person_id, "handler")
    MedicalNote.objects.create(
        record=record, leave=leave, unfit_from=unfit_from, unfit_to=unfit_to, hospital=hospital, handed_at=at, handed_by_id=by.person_id
    )  # fmt: skip
    for prepared in files:
        attach(record, prepared, kind=Attachment.Kind.EVIDENCE, by=by, at=at)
    assign_number(record, at=at)
    leave.note_at = leave.note_at or at
    return {"codes": {"note": record.pk, "unfit_to": unfit_to}}


def remind(leave_id: UUID, at: dt.datetime) -> None:
    """The day has passed and no note has come: the person and personnel are told."""
    leave = Leave.objects.select_related("record", "person").filter(pk=leave_id).first()
    if leave is None or not leave.is_note_owed:
        return
    held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), seat__post_id="hr", seat__is_active=True)
    people = {leave.person_id, *held.values_list("person_id", flat=True)}
    notify(
        people,
        "people.leave.note_owed",
        {"number": str(leave.record)},
        at=at,
        record_id=leave.pk,
        url=leave.get_absolute_url(),
    )
