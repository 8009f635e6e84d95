"""A department hands in what its outlets wrote; the customer service manager checks that all of them do."""

from __future__ import annotations

import datetime as dt

from django.db.models import F

from zhangfa.core import clock
from zhangfa.core.decisions import demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import work
from zhangfa.customers import entries
from zhangfa.customers.entry_rules import CLAUSE, refuse_hand_in
from zhangfa.customers.models import BY_DEPARTMENT, ArchiveEntry, HandIn
from zhangfa.customers.permissions import check_hand_ins, hand_in_entries
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Unit
from zhangfa.records.actions import open_record
from zhangfa.records.models import Record

FORM = "DA"
DAY = dt.timedelta(days=1)


def hand_in(*, note: str = "", by: Actor, at: dt.datetime) -> HandIn:
    """All that waits in the actor's department as one batch; what comes after its period counts as late (D-OA-04)."""
    with work():
        demand(hand_in_entries(by=by, at=at))
        seat = by.seat_for(*BY_DEPARTMENT)
        assert seat is not None
        key = seat.department_id or seat.unit_id
        waiting = list(entries.waiting_in(key).select_for_update(of=("self",)).select_related("department"))
        unit = waiting[0].department if waiting else Unit.objects.get(pk=key)
        assert unit is not None
        demand(refuse_hand_in(count=len(waiting), note=note))
        first = waiting[0].served_on if waiting else clock.local_date(at)
        period = entries.period_of(first, at)
        newest = entries.period_of(waiting[-1].served_on if waiting else clock.local_date(at), at)
        late = sum(at > entries.period_of(entry.served_on, at).due_at for entry in waiting)
        record = open_record(
            FORM, unit=unit, by=by, at=at, title=unit.name, url=lambda pk: f"/archive/handins/{pk}/", retention="R3",
            due_at=period.due_at, is_handed_in=True,
        )  # fmt: skip
        batch = HandIn(
            record=record, unit=unit, period_on=clock.local_date(period.opens_at), until_on=clock.local_date(at), due_at=period.due_at,
            handed_at=at, handed_by_id=by.person_id, entry_count=len(waiting), late_count=late, is_late=late > 0, note=note,
        )  # fmt: skip
        batch.save(force_insert=True)
        key_in_due = entries.due_after(at, "archive.key_in_days")
        ArchiveEntry.objects.filter(pk__in=[entry.pk for entry in waiting]).update(
            status=ArchiveEntry.Status.HANDED_IN, hand_in=batch, key_in_due_at=key_in_due, version=F("version") + 1
        )
        for entry in waiting:
            announce(
                "customers.archiveentry.handed_in", entry, by=by, at=at, label=_("上交登记表"), record_id=entry.pk, clause=CLAUSE,
                codes={"hand_in": batch.pk, "key_in_due_at": key_in_due, "subject": entry.subject, "is_first": True},
            )  # fmt: skip
        announce(
            "customers.handin.handed_in", batch, by=by, at=at, label=_("上交客户档案"), record_id=record.pk, clause=CLAUSE,
            codes={"unit": unit.pk, "period_on": batch.period_on.isoformat(), "entries": len(waiting), "late": late, "seat": seat.id, "through": newest.name},
        )  # fmt: skip
        return batch


@arrow(
    HandIn, sources=[HandIn.Status.HANDED_IN], target=HandIn.Status.CHECKED, label=_("检查上交情况"), event="checked",
    permit=check_hand_ins, clause=CLAUSE,
)  # fmt: skip
def check(batch: HandIn, *, by: Actor, at: dt.datetime, opinion: str) -> None:
    """The customer service manager has looked at the batch and at what is missing in it (D-CS-06)."""
    batch.checked_at, batch.checked_by_id, batch.opinion = at, by.person_id, opinion
    Record.objects.filter(pk=batch.pk).update(status=Record.Status.APPROVED)
    blocked = entries.unchecked_from(but=batch)
    through = blocked - DAY if blocked else clock.local_date(at)
    announce(
        "customers.handins.checked", batch, by=by, at=at, label=_("各部门上交情况已检查"), record_id=batch.pk, clause=CLAUSE,
        codes={"through": through.isoformat()},
    )  # fmt: skip
