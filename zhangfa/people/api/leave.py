"""Leave in the caller's scope: requests, their steps, the note, and balances."""

from __future__ import annotations

import datetime as dt

from zhangfa.core import clock
from zhangfa.core.text import _
from zhangfa.organisation.models import Person
from zhangfa.people import actions, leave_rules, leave_words
from zhangfa.people import leave as facts_of
from zhangfa.people.api.papers import router
from zhangfa.people.leave_rules import CLAUSE
from zhangfa.people.models import Leave
from zhangfa.people.permissions import ask_for_leave, keep_balances, read_balance, read_leaves
from zhangfa.people.web.leave import Leaves
from zhangfa.people.web.leave_forms import LEAVE_FORMS, CorrectionForm, LeaveAskForm, NoteFacts, SettleForm
from zhangfa.records.actions import Prepared, prepare
from zhangfa.records.api.operations import key_lookup
from zhangfa.records.sensitive import shown as as_seen
from zhangfa.ui.api import Call, Schema, creates, lists, reads, transitions
from zhangfa.ui.api.operations import Input, uploads

LEAVE = "/leave/{key}"
BY_HAND = ("withdraw", "ask_again", "cancel", "report_back")
JOINED = ("record", "person", "unit", "delegate", "filed_by")


class LeaveOut(Schema):
    """One request: its days, who stands in, and what became of it."""

    id: str
    number: str
    person: int
    person_name: str
    unit: int
    kind: str
    kind_label: str
    from_on: dt.date
    starts: str
    to_on: dt.date
    ends: str
    days: str
    total_days: str
    reason: str
    delegate: int | None
    status: str
    status_label: str
    note_due_on: dt.date | None
    is_note_handed_in: bool
    returned_on: dt.date | None
    proposed_at: dt.datetime
    authority: str
    why: list[str]
    version: int
    url: str


class BalanceOut(Schema):
    kind: str
    kind_label: str
    year: int
    given: str
    corrected: str
    used: str
    asked: str
    left: str
    accrued: str


class BalancesOut(Schema):
    """A person's balances of the year, and how much of the medical period was used (E17)."""

    person: int
    medical_months: int
    medical_window: int
    medical_used: str
    items: list[BalanceOut]


def line(call: Call, leave: Leave) -> LeaveOut:
    return shown(call, leave, has_why=False)


def shown(call: Call, leave: Leave, *, has_why: bool = True) -> LeaveOut:
    step = leave.record.steps.order_by("-seq").first() if has_why else None
    return LeaveOut(
        id=str(leave.pk), number=leave.record.number or "", person=leave.person_id, person_name=leave.person.shown_name, unit=leave.unit_id,
        kind=leave.kind, kind_label=leave.kind_name, from_on=leave.from_on, starts=leave.starts, to_on=leave.to_on, ends=leave.ends,
        days=leave_rules.in_days(leave.halves), total_days=leave_rules.in_days(leave.total_halves),
        reason=str(as_seen(call.actor, leave, "reason")) if has_why else "", delegate=leave.delegate_id, status=leave.status,
        status_label=leave.get_status_display(), note_due_on=leave.note_due_on, is_note_handed_in=leave.note_at is not None,
        returned_on=leave.returned_on, proposed_at=leave.proposed_at, authority=step.facts["authority"] if step else "",
        why=leave_words.why_of(step.facts) if step else [], version=leave.version, url=leave.get_absolute_url(),
    )  # fmt: skip


def find(call: Call) -> Leave:
    rows = Leave.objects.visible_to(call.actor).select_related(*JOINED)
    found: Leave = call.one(rows, **key_lookup(call.path["key"], "record__number"))
    call.check(read_leaves, found)
    return found


def _again(pk: object) -> Leave:
    return Leave.objects.select_related(*JOINED).get(pk=pk)


def _ask(given: Input) -> Leave:
    return _again(actions.ask(**given.params, by=given.call.actor, at=given.call.at).pk)


def _note(given: Input, prepared: Prepared) -> Leave:
    return _again(
        actions.hand_note(given.target, **given.params, files=[prepared], by=given.call.actor, at=given.call.at).pk
    )


def _person(call: Call) -> Person:
    key = str(call.path["key"])
    is_id = key.isascii() and key.isdigit() and len(key) < 19
    found: Person = call.one(
        Person.objects.visible_to(call.actor), **({"pk": int(key)} if is_id else {"no": key.upper()})
    )
    call.check(read_balance, found)
    return found


def _balances(call: Call, person: Person) -> BalancesOut:
    year, medical = clock.local_date(call.at).year, facts_of.medical_of(person, call.at)
    return BalancesOut(
        person=person.pk, medical_months=medical.months, medical_window=medical.window, medical_used=str(medical.used),
        items=[
            BalanceOut(
                kind=one.kind.code, kind_label=one.kind.name, year=one.year, accrued=str(one.accrued or ""),
                **{name: one.words(name) for name in ("given", "corrected", "used", "asked", "left")},
            )
            for one in facts_of.balances(person, year, call.at)
        ],
    )  # fmt: skip


def _correct(given: Input) -> Person:
    actions.correct(given.target, **given.params, by=given.call.actor, at=given.call.at)
    return Person.objects.get(pk=given.target.pk)


def _settle(given: Input) -> Person:
    actions.settle(given.target, **given.params, by=given.call.actor, at=given.call.at)
    return Person.objects.get(pk=given.target.pk)


lists(router, "/leave", id="leaves", summary=_("请假"), page=Leaves, line=line, out=LeaveOut, about=CLAUSE)
creates(
    router, "/leave", id="leave_ask", summary=_("我要请假"), form=LeaveAskForm, act=_ask, show=shown, out=LeaveOut,
    permission=ask_for_leave, about=CLAUSE,
)  # fmt: skip
reads(
    router, LEAVE, id="leave", summary=_("一张请假单"), give=lambda call: shown(call, find(call)), out=LeaveOut, about=CLAUSE
)  # fmt: skip
transitions(router, LEAVE, model=Leave, noun="leave", forms_of=LEAVE_FORMS, find=find, show=shown, out=LeaveOut, only=BY_HAND)  # fmt: skip
uploads(
    router, f"{LEAVE}/note", id="leave_note", summary=_("交医院证明"), find=find, form=NoteFacts, prepare=prepare, act=_note, show=shown,
    out=LeaveOut, about=CLAUSE, refuse=actions.hand_note.refuse_now,
)  # fmt: skip
reads(
    router, "/leave-balances/{key}", id="leave_balances", summary=_("假期余额"), give=lambda call: _balances(call, _person(call)), out=BalancesOut,
    about=CLAUSE,
)  # fmt: skip
creates(
    router, "/leave-balances/{key}/settlements", id="leave_balance_settle", summary=_("结清上一年的余额"), form=SettleForm, find=_person,
    act=_settle, show=_balances, out=BalancesOut, permission=keep_balances, about=CLAUSE,
)  # fmt: skip
creates(
    router, "/leave-balances/{key}/corrections", id="leave_balance_correct", summary=_("登记或更正"), form=CorrectionForm, find=_person,
    act=_correct, show=_balances, out=BalancesOut, permission=keep_balances, about=CLAUSE,
)  # fmt: skip
