"""Adverse records: noted, checked by a second person, answered by the customer, ended by time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import work
from zhangfa.customers.adverse_rules import CLAUSE, months_after, refuse_check, refuse_ground, refuse_note
from zhangfa.customers.models import AdverseRecord, Customer
from zhangfa.customers.permissions import check_adverse, note_adverse, only_time
from zhangfa.customers.rules import refuse_use
from zhangfa.organisation.actor import Actor, system_actor
from zhangfa.policy.queries import value
from zhangfa.records.actions import Prepared, attach, concern, open_record
from zhangfa.records.models import Attachment, Record

S = AdverseRecord.Status
FORM = "BL"
BATCH = 200


def note_conduct(
    customer: Customer, *, kind: str, occurred_on: dt.date, facts: str, files: Sequence[Prepared] = (), by: Actor, at: dt.datetime
) -> AdverseRecord:  # fmt: skip
    """Write down what happened with the evidence at hand; more may be added to the paper, somebody else checks it."""
    with work():
        customer = Customer.objects.lock(customer.pk)
        demand(note_adverse(customer, by=by, at=at))
        demand(
            [
                *refuse_use(status=customer.status),
                *refuse_note(facts=facts, occurred_on=occurred_on, today=clock.local_date(at)),
            ]
        )
        record = open_record(
            FORM, unit=customer.outlet, by=by, at=at, title=customer.no, url=lambda pk: f"/archive/adverse/{pk}/", retention="R3",
            is_handed_in=True,
        )  # fmt: skip
        row = AdverseRecord(
            record=record, customer=customer, department_id=customer.department_id, kind=kind, occurred_on=occurred_on, facts=facts,
            recorded_at=at, recorded_by_id=by.person_id,
        )  # fmt: skip
        row.save(force_insert=True)
        if by.person_id is not None:
            concern(record, by.person_id, "handler")
        for prepared in files:
            attach(record, prepared, kind=Attachment.Kind.EVIDENCE, by=by, at=at)
        announce(
            "customers.adverserecord.noted", row, by=by, at=at, label=_("登记不良消费记录"), record_id=record.pk, clause=CLAUSE,
            codes={"customer": customer.pk, "kind": kind, "occurred_on": occurred_on.isoformat()},
        )  # fmt: skip
        return row


def _guard_confirm(row: AdverseRecord, *, by: Actor, at: dt.datetime, ground: str) -> Iterator[Refusal]:
    yield from refuse_check(has_evidence=row.record.attachments.filter(removed_at=None).exists(), ground=ground)


@arrow(
    AdverseRecord, sources=[S.NOTED], target=S.CHECKED, label=_("核实成立"), event="checked", permit=check_adverse,
    guard=_guard_confirm, clause=CLAUSE,
)  # fmt: skip
def confirm(row: AdverseRecord, *, by: Actor, at: dt.datetime, ground: str) -> None:
    """A second person has seen the evidence; from the event on it counts for the months that the policy says."""
    row.checked_at, row.checked_by_id, row.ground = at, by.person_id, ground
    row.expires_on = months_after(row.occurred_on, value("adverse.expiry_months", at))
    Record.objects.filter(pk=row.pk).update(status=Record.Status.APPROVED)


def _guard_dismiss(row: AdverseRecord, *, by: Actor, at: dt.datetime, ground: str) -> Iterator[Refusal]:
    yield from refuse_ground(ground=ground)


@arrow(
    AdverseRecord, sources=[S.NOTED, S.CHECKED], target=S.DISMISSED, label=_("不成立，撤销"), event="dismissed", permit=check_adverse,
    guard=_guard_dismiss, clause=CLAUSE,
)  # fmt: skip
def dismiss(row: AdverseRecord, *, by: Actor, at: dt.datetime, ground: str) -> None:
    """It was not so, or the customer's reply has shown it: the record counts no more."""
    row.checked_at, row.checked_by_id, row.ground, row.expires_on = at, by.person_id, ground, None
    Record.objects.filter(pk=row.pk).update(status=Record.Status.VOID)


def _guard_reply(row: AdverseRecord, *, by: Actor, at: dt.datetime, reply: str) -> Iterator[Refusal]:
    if not reply.strip():
        yield Refusal("adverse.reply", _("请写下客户的说法。"), {}, CLAUSE, "reply")


@arrow(
    AdverseRecord, sources=[S.NOTED, S.CHECKED], target=None, label=_("登记客户申辩"), event="answered", permit=note_adverse,
    guard=_guard_reply, clause=CLAUSE,
)  # fmt: skip
def answer(row: AdverseRecord, *, by: Actor, at: dt.datetime, reply: str) -> None:
    """What the customer says to it stands beside it."""
    row.reply, row.replied_at = reply, at


@arrow(
    AdverseRecord, sources=[S.CHECKED], target=S.EXPIRED, label=_("到期"), event="expired", permit=only_time, clause=CLAUSE,
    is_automatic=True,
)  # fmt: skip
def expire(row: AdverseRecord, *, by: Actor, at: dt.datetime) -> None:
    """Its months are over."""


def expire_due(at: dt.datetime) -> int:
    """End what is over by today; a worker's daily round."""
    due = AdverseRecord.objects.filter(status=S.CHECKED, expires_on__lte=clock.local_date(at)).order_by("expires_on")[
        :BATCH
    ]
    by = system_actor("customers", at)
    return len([expire(row, by=by, at=at) for row in due])
