"""Archive entries, hand-ins, adverse records and personal-information requests, by the rules of their pages."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from ninja import Router

from zhangfa.core.text import _
from zhangfa.customers import actions, entries
from zhangfa.customers.api.customers import find
from zhangfa.customers.models import AdverseRecord, ArchiveEntry, HandIn, PersonalRequest
from zhangfa.customers.permissions import (
    edit_customers,
    hand_in_entries,
    note_adverse,
    read_adverse,
    read_customers,
    read_hand_ins,
    read_requests,
    write_entries,
)
from zhangfa.customers.web.adverse import AdverseDo, AdverseForm, AdverseList
from zhangfa.customers.web.entries import EntryList
from zhangfa.customers.web.entry_forms import FORMS, CheckForm, EntryForm, HandInForm
from zhangfa.customers.web.handins import HandIns
from zhangfa.customers.web.privacy import RequestDo, RequestForm, Requests
from zhangfa.customers.wording import grounds_said, learnt_value
from zhangfa.ui.api import Call, Schema, creates, lists, reads, transitions
from zhangfa.ui.api.operations import Input, Number
from zhangfa.ui.api.things import by_uuid, finder

router = Router()


class ArchiveEntryOut(Schema):
    id: UUID
    number: str
    customer: int
    customer_name: str
    outlet: int
    served_on: dt.date
    status: str
    is_late: bool
    written_by: int | None
    entered_by: int | None
    verified_by: int | None
    key_in_due_at: dt.datetime | None
    verify_due_at: dt.datetime | None
    learnt: dict[str, str]
    differences: dict[str, str]


class HandInOut(Schema):
    id: UUID
    number: str
    unit: int
    status: str
    period_on: dt.date
    until_on: dt.date
    due_at: dt.datetime
    handed_at: dt.datetime
    entry_count: int
    late_count: int
    note: str
    opinion: str


class AdverseOut(Schema):
    id: UUID
    number: str
    customer: int
    kind: str
    occurred_on: dt.date
    status: str
    facts: str
    ground: str
    reply: str
    expires_on: dt.date | None
    recorded_by: int | None
    checked_by: int | None


class PersonalRequestOut(Schema):
    id: UUID
    number: str
    customer: int
    kind: str
    status: str
    identity: str
    wish: str
    taken_at: dt.datetime
    due_at: dt.datetime
    answered_at: dt.datetime | None
    is_late: bool
    outcome: str
    grounds: list[str]  # what is kept and why


def entry_line(_call: Call, row: ArchiveEntry) -> ArchiveEntryOut:
    """Without the answers: they are read one entry at a time."""
    return _entry(row, [])


def entry_out(_call: Call, row: ArchiveEntry) -> ArchiveEntryOut:
    return _entry(row, list(row.learnt.order_by("pk")))


def _entry(row: ArchiveEntry, learnt: list[Any]) -> ArchiveEntryOut:
    return ArchiveEntryOut(
        id=row.pk, number=row.record.number or "", customer=row.customer_id, customer_name=row.customer.name, outlet=row.outlet_id,
        served_on=row.served_on, status=row.status, is_late=row.is_late, written_by=row.written_by_id, entered_by=row.entered_by_id,
        verified_by=row.verified_by_id, key_in_due_at=row.key_in_due_at, verify_due_at=row.verify_due_at,
        learnt={one.field: learnt_value(one.field, one.value) for one in learnt},
        differences={one.field: one.reason for one in learnt if one.reason},
    )  # fmt: skip


def handin_out(_call: Call, row: HandIn) -> HandInOut:
    return HandInOut(
        id=row.pk, number=row.record.number or "", unit=row.unit_id, status=row.status, period_on=row.period_on, until_on=row.until_on,
        due_at=row.due_at, handed_at=row.handed_at, entry_count=row.entry_count, late_count=row.late_count, note=row.note, opinion=row.opinion,
    )  # fmt: skip


def adverse_out(_call: Call, row: AdverseRecord) -> AdverseOut:
    return AdverseOut(
        id=row.pk, number=row.record.number or "", customer=row.customer_id, kind=row.kind, occurred_on=row.occurred_on, status=row.status,
        facts=row.facts, ground=row.ground, reply=row.reply, expires_on=row.expires_on, recorded_by=row.recorded_by_id,
        checked_by=row.checked_by_id,
    )  # fmt: skip


def request_out(_call: Call, row: PersonalRequest) -> PersonalRequestOut:
    return PersonalRequestOut(
        id=row.pk, number=row.record.number or "", customer=row.customer_id, kind=row.kind, status=row.status, identity=row.identity,
        wish=row.wish, taken_at=row.taken_at, due_at=row.due_at, answered_at=row.answered_at, is_late=row.is_late, outcome=row.outcome,
        grounds=grounds_said(row),
    )  # fmt: skip


find_entry = finder(ArchiveEntry, read_customers, "record", "customer", "outlet", key="key", which=by_uuid)
find_handin = finder(HandIn, read_hand_ins, "record", "unit", key="key", which=by_uuid)
find_adverse = finder(AdverseRecord, read_adverse, "record", "customer", key="key", which=by_uuid)
find_request = finder(PersonalRequest, read_requests, "record", "customer", key="key", which=by_uuid)


def _write(given: Input) -> ArchiveEntry:
    return actions.write_entry(given.target, **given.params, by=given.call.actor, at=given.call.at)


def _hand_in(given: Input) -> HandIn:
    return actions.hand_in(**given.params, by=given.call.actor, at=given.call.at)


def _note(given: Input) -> AdverseRecord:
    return actions.note_conduct(given.target, **given.params, by=given.call.actor, at=given.call.at)


def _take(given: Input) -> PersonalRequest:
    return actions.take_request(given.target, **given.params, by=given.call.actor, at=given.call.at)


class WaitingOut(Schema):
    customer: int
    customer_name: str
    entry: UUID | None


class TodayOut(Schema):
    items: list[WaitingOut]


def _today(call: Call) -> TodayOut:
    call.check(write_entries, None)
    rows = entries.served_today(call.actor, call.at)
    return TodayOut(
        items=[
            WaitingOut(customer=row.customer.pk, customer_name=row.customer.name, entry=row.entry.pk if row.entry else None)
            for row in rows
        ]
    )  # fmt: skip


lists(
    router,
    "/archive/entries",
    id="archive_entries",
    summary=_("档案登记表"),
    page=EntryList,
    line=entry_line,
    out=ArchiveEntryOut,
)
reads(router, "/archive/today", id="archive_today", summary=_("今日档案"), give=_today, out=TodayOut)
creates(
    router, "/customers/{id}/entries", id="write_entry", summary=_("登记今天了解到的情况"), form=EntryForm, find=find, act=_write, show=entry_out,
    out=ArchiveEntryOut, permission=write_entries, ids={"id": Number}, about="CS-W2.1",
)  # fmt: skip
reads(
    router, "/archive/entries/{key}", id="archive_entry", summary=_("一份登记表"), give=lambda call: entry_out(call, find_entry(call)),
    out=ArchiveEntryOut,
)  # fmt: skip
transitions(
    router, "/archive/entries/{key}", model=ArchiveEntry, noun="archive_entry", forms_of=FORMS, find=find_entry, show=entry_out,
    out=ArchiveEntryOut,
)  # fmt: skip
lists(router, "/archive/handins", id="handins", summary=_("档案上交"), page=HandIns, line=handin_out, out=HandInOut)
creates(
    router, "/archive/handins", id="hand_in", summary=_("上交档案"), form=HandInForm, act=_hand_in, show=handin_out, out=HandInOut,
    permission=hand_in_entries, about="CS-W2.1",
)  # fmt: skip
reads(
    router, "/archive/handins/{key}", id="handin", summary=_("一次上交"), give=lambda call: handin_out(call, find_handin(call)),
    out=HandInOut,
)  # fmt: skip
transitions(
    router, "/archive/handins/{key}", model=HandIn, noun="handin", forms_of={"check": CheckForm}, find=find_handin, show=handin_out,
    out=HandInOut,
)  # fmt: skip
lists(
    router,
    "/archive/adverse",
    id="adverse_records",
    summary=_("不良消费记录"),
    page=AdverseList,
    line=adverse_out,
    out=AdverseOut,
)
creates(
    router, "/customers/{id}/adverse", id="note_adverse", summary=_("登记不良消费"), form=AdverseForm, find=find, act=_note, show=adverse_out,
    out=AdverseOut, permission=note_adverse, ids={"id": Number}, about="CS-W2.1",
)  # fmt: skip
reads(
    router, "/archive/adverse/{key}", id="adverse_record", summary=_("一份不良消费记录"),
    give=lambda call: adverse_out(call, find_adverse(call)), out=AdverseOut,
)  # fmt: skip
transitions(
    router, "/archive/adverse/{key}", model=AdverseRecord, noun="adverse", forms_of=AdverseDo.forms, find=find_adverse, show=adverse_out,
    out=AdverseOut, only=("confirm", "dismiss", "answer"),
)  # fmt: skip
lists(
    router,
    "/archive/requests",
    id="personal_requests",
    summary=_("个人信息请求"),
    page=Requests,
    line=request_out,
    out=PersonalRequestOut,
)
creates(
    router, "/customers/{id}/requests", id="take_request", summary=_("受理信息请求"), form=RequestForm, find=find, act=_take, show=request_out,
    out=PersonalRequestOut, permission=edit_customers, ids={"id": Number}, about="HS-D10",
)  # fmt: skip
reads(
    router, "/archive/requests/{key}", id="personal_request", summary=_("一份个人信息请求"),
    give=lambda call: request_out(call, find_request(call)), out=PersonalRequestOut,
)  # fmt: skip
transitions(
    router, "/archive/requests/{key}", model=PersonalRequest, noun="personal_request", forms_of=RequestDo.forms, find=find_request,
    show=request_out, out=PersonalRequestOut,
)  # fmt: skip
