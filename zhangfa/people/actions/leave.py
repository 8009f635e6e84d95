"""Asking for leave, what follows from the decision, taking it back, cancelling, and coming back (AM-W4.1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from zhangfa.approvals.actions import request_step, void_steps
from zhangfa.approvals.models import Step
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, Refused, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import work
from zhangfa.notices.actions import notify
from zhangfa.organisation.actions import absences
from zhangfa.organisation.actor import system_actor
from zhangfa.organisation.models import Absence, Person
from zhangfa.organisation.rules import Span, refuse_absence
from zhangfa.people import leave as facts_of
from zhangfa.people import leave_kinds, leave_rules
from zhangfa.people.actions.ledger import write_use
from zhangfa.people.leave_rules import CLAUSE
from zhangfa.people.models import Leave
from zhangfa.people.permissions import after_decision, applicant, ask_for_leave, before_it_begins, coming_back
from zhangfa.policy import queries as policy
from zhangfa.records.actions import assign_number, concern_many, open_record
from zhangfa.records.models import Record
from zhangfa.runtime.alarms import set_alarm

S = Leave.Status
KIND, FORM = "people.leave", "U07"
NOTE_OWED = "people.leave_note"
FIELDS = ("kind", "options", "from_on", "starts", "to_on", "ends", "reason", "delegate")


def ask(
    *, kind: str, from_on: dt.date, to_on: dt.date, starts: str = "am", ends: str = "pm", reason: str, options: Sequence[str] = (),
    delegate: Person | None = None, person: Person | None = None, by: Any, at: dt.datetime, id: UUID | None = None,
) -> Leave:  # fmt: skip
    """Hand in a request for leave; it goes to whoever decides by level and days. Raises `Refused`."""
    applying = person or Person.objects.filter(pk=by.person_id).first()
    demand(ask_for_leave(applying, by=by, at=at))
    assert applying is not None
    with work():
        # Two requests of one person take turns, so that neither an overlap nor a split slips between.
        applying = Person.objects.select_for_update(no_key=True).get(pk=applying.pk)
        others = facts_of.others_of(applying.pk)
        asked = {"kind": kind, "from_on": from_on, "starts": starts, "to_on": to_on, "ends": ends}
        plan = _checked(applying, others, options=options, reason=reason, delegate=delegate, at=at, **asked)
        record = open_record(FORM, unit=plan.unit, by=by, at=at, title=_("请假单"), id=id, retention="R1", url=_url)
        leave = Leave(
            record=record, person=applying, filed_by_id=by.person_id, unit=plan.unit, department_id=plan.unit.department_id or plan.unit.pk,
            proposed_at=at, reason=reason, delegate=delegate, options=list(options), **asked,
        )  # fmt: skip
        _reckon(leave, plan, at)
        leave.save(force_insert=True)
        concern_many(record, {(pk, "applicant") for pk in (applying.pk, by.person_id) if pk})
        assign_number(record, at=at)
        announce(
            "people.leave.proposed", leave, by=by, at=at, label=_("提交请假"), record_id=record.pk, clause=CLAUSE,
            codes=_codes(leave), values={"reason": reason},
        )  # fmt: skip
        _request(leave, plan, by=by, at=at)
        return leave


def _url(pk: UUID) -> str:
    return f"/leave/{pk}/"


def _checked(
    person: Person, others: Sequence[Leave], *, kind: str, from_on: dt.date, starts: str, to_on: dt.date, ends: str, options: Sequence[str],
    reason: str, delegate: Person | None, at: dt.datetime, but: Leave | None = None,
) -> facts_of.Plan:  # fmt: skip
    """The request reckoned through, or every reason against it."""
    one = leave_kinds.kind_of(kind, from_on)
    plan = facts_of.plan(
        person_id=person.pk, kind=one, from_on=from_on, starts=starts, to_on=to_on, ends=ends, at=at, others=others
    )
    if plan is None:
        raise Refused([Refusal("leave.seat", _("这个人现在没有任职，不能请假。"), {}, CLAUSE, "person")])
    short = [
        (plan.by_year[year], facts_of.balance_of(person, one, year, at, but=but).left)
        for year in plan.by_year
        if one.is_kept
    ]
    worst = min(short, key=lambda pair: pair[1] - pair[0], default=None)
    known = {option.code for option in one.options if option.holds_on(from_on, ("zhejiang",))}
    asked = leave_rules.Asked(
        plan.first, plan.last, plan.halves, counts_half_days=one.counts == leave_kinds.WORKING, today=clock.local_date(at), reason=reason,
        others=[row.taken() for row in others], limit=facts_of.limit_of(one, options, at), joined_on=person.joined_on, left_on=person.left_on,
        is_in_force=one.holds_on(from_on, ("zhejiang",)), foreign_options=bool(set(options) - known),
    )  # fmt: skip
    refusals = list(leave_rules.refuse_leave(asked))
    if worst is not None:
        refusals += leave_rules.refuse_days(worst[0], limit=None, balance=worst[1])
    if not refusals:
        refusals += _refuse_delegate(person, delegate, plan)
    demand(refusals)
    return plan


def _refuse_delegate(person: Person, delegate: Person | None, plan: facts_of.Plan) -> Iterator[Refusal]:
    """The delegate must be able to stand in; what the absence would refuse later is said now."""
    if delegate is None:
        return
    from_at, to_at = absence_span(plan.first, plan.last)
    around = Absence.objects.filter(cancelled_at=None, from_at__lt=to_at, to_at__gt=from_at)
    rows = list(around.values_list("person_id", "delegate_id", "from_at", "to_at"))
    seat = facts_of.seat_of(delegate.pk, from_at)
    yield from refuse_absence(
        person_id=person.pk, delegate_id=delegate.pk, span=Span(from_at, to_at), own=(),
        ways={owner: stands_in for owner, stands_in, _start, _end in rows if stands_in},
        delegate_away=[Span(start, end) for owner, _delegate, start, end in rows if owner == delegate.pk],
        delegate_grade=seat.post.grade if seat else None, is_delegate_staff=delegate.kind == Person.Kind.STAFF,
    )  # fmt: skip


def absence_span(first: int, last: int) -> tuple[dt.datetime, dt.datetime]:
    from zhangfa.people.models.leave import instant_of

    return instant_of(first), instant_of(last + 1)


def _reckon(leave: Leave, plan: facts_of.Plan, at: dt.datetime) -> None:
    leave.first_slot, leave.last_slot = plan.first, plan.last
    leave.halves, leave.total_halves, leave.level = plan.halves, plan.total, plan.level
    if plan.kind.needs_note:
        leave.note_due_on = leave.to_on + dt.timedelta(days=int(policy.value(facts_of.NOTE_DAYS, at)))


def _codes(leave: Leave) -> dict[str, Any]:
    return {
        "person": leave.person_id, "kind": leave.kind, "from_on": leave.from_on, "starts": leave.starts, "to_on": leave.to_on,
        "ends": leave.ends, "halves": leave.halves, "total": leave.total_halves, "delegate": leave.delegate_id,
    }  # fmt: skip


def _request(leave: Leave, plan: facts_of.Plan, *, by: Any, at: dt.datetime) -> None:
    authority, seat = facts_of.deciding_seat(plan, at)
    why = plan.answer.why
    request_step(
        leave.record, kind=KIND, authority=authority, unit=plan.unit, by=by, at=at, applicant_person_id=leave.person_id,
        involved_person_ids=[leave.filed_by_id], clause=CLAUSE, policy=facts_of.policy_of(plan.answer), seat=seat,
        facts={
            "kind": leave.kind, "level": plan.level, "days": leave_rules.in_days(plan.halves), "total": leave_rules.in_days(plan.total),
            "together": [one.number for one in plan.together], "why": {"zh": why.zh, "en": why.en}, "authority": plan.answer.authority,
            "from_on": leave.from_on, "starts": leave.starts, "to_on": leave.to_on, "ends": leave.ends,
        },
    )  # fmt: skip


@arrow(
    Leave, sources=[S.PROPOSED, S.RETURNED], target=S.WITHDRAWN, label=_("撤回"), event="withdrawn", permit=applicant, clause=CLAUSE,
)  # fmt: skip
def withdraw(leave: Leave, *, by: Any, at: dt.datetime) -> None:
    """Take the request back before it is decided."""
    void_steps(leave.record, by=by, at=at, reason="withdrawn")
    _mark(leave, Record.Status.VOID)


@arrow(
    Leave, sources=[S.RETURNED], target=S.PROPOSED, label=_("修改后重新提交"), event="proposed_again", permit=applicant, clause=CLAUSE,
)  # fmt: skip
def ask_again(
    leave: Leave, *, by: Any, at: dt.datetime, kind: str, from_on: dt.date, to_on: dt.date, reason: str, starts: str = "am",
    ends: str = "pm", options: Sequence[str] = (), delegate: Person | None = None,
) -> None:  # fmt: skip
    """Mend what was sent back and hand it in anew: the figures of now decide."""
    person = Person.objects.select_for_update(no_key=True).get(pk=leave.person_id)
    others = facts_of.others_of(person.pk, but=leave)
    asked = {"kind": kind, "from_on": from_on, "starts": starts, "to_on": to_on, "ends": ends}
    plan = _checked(person, others, options=options, reason=reason, delegate=delegate, at=at, but=leave, **asked)
    for name, given in {**asked, "reason": reason, "delegate": delegate, "options": list(options)}.items():
        setattr(leave, name, given)
    leave.unit, leave.department_id, leave.proposed_at = plan.unit, plan.unit.department_id or plan.unit.pk, at
    leave.note_due_on = None
    _reckon(leave, plan, at)
    _mark(leave, Record.Status.SUBMITTED)
    _request(leave, plan, by=by, at=at)


@arrow(
    Leave, sources=[S.PROPOSED], target=S.APPROVED, label=_("批准"), event="approved", permit=after_decision("agreed"), clause=CLAUSE,
    is_automatic=True,
)  # fmt: skip
def approve(leave: Leave, *, by: Any, at: dt.datetime) -> None:
    """Agreed: the days are taken from the balance, the absence stands in the chart and approvals go to the delegate."""
    write_use(leave, leave.first_slot, leave.last_slot, sign=-1, by=by, at=at)
    leave.absence = _enter_absence(leave, at)
    _mark(leave, Record.Status.APPROVED)
    if leave.note_due_on is not None and leave.note_at is None:
        set_alarm(f"leave:{leave.pk}", NOTE_OWED, clock.day_start(leave.note_due_on + dt.timedelta(days=1)))
    if leave.delegate_id is not None:
        facts = {"number": str(leave.record), "from_on": leave.from_on.isoformat(), "to_on": leave.to_on.isoformat()}  # fmt: skip
        notify(
            [leave.delegate_id],
            "people.leave.stands_in",
            facts,
            at=at,
            record_id=leave.pk,
            url=leave.get_absolute_url(),
        )


def _enter_absence(leave: Leave, at: dt.datetime) -> Absence | None:
    """The absence as the chart keeps it; a delegate who can't any more is left out and the applicant told."""
    from_at, to_at = absence_span(leave.first_slot, leave.last_slot)
    clerk = system_actor("leave", at)
    for delegate in dict.fromkeys([leave.delegate, None]):
        try:
            made = absences.enter(
                leave.person, from_at=from_at, to_at=to_at, delegate=delegate, reason=str(leave.record), by=clerk, at=at
            )
        except Refused:
            continue
        if delegate is None and leave.delegate_id is not None:
            _tell_no_delegate(leave, at)
        return made
    if leave.delegate_id is not None:
        _tell_no_delegate(leave, at)
    return None


def _tell_no_delegate(leave: Leave, at: dt.datetime) -> None:
    facts = {"number": str(leave.record)}
    notify(
        [leave.person_id], "people.leave.no_delegate", facts, at=at, record_id=leave.pk, url=leave.get_absolute_url()
    )


def _guard_refuse(leave: Leave, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    yield from leave_rules.refuse_denial(
        is_right=leave.kind_facts.is_right,
        is_certified=leave.note_at is not None,
        reaches_gm=leave.total_halves >= 2 * policy.value("leave.gm_days", leave.proposed_at),
    )


@arrow(
    Leave, sources=[S.PROPOSED], target=S.REFUSED, label=_("不同意"), event="refused", permit=after_decision("refused"),
    guard=_guard_refuse, clause=CLAUSE, is_automatic=True,
)  # fmt: skip
def refuse(leave: Leave, *, by: Any, at: dt.datetime) -> None:
    """Not agreed; the reason stands in the step."""
    _mark(leave, Record.Status.REFUSED)


@arrow(
    Leave, sources=[S.PROPOSED], target=S.RETURNED, label=_("退回修改"), event="returned", permit=after_decision("returned"),
    clause=CLAUSE, is_automatic=True,
)  # fmt: skip
def send_back(leave: Leave, *, by: Any, at: dt.datetime) -> None:
    """The applicant is to mend it."""
    _mark(leave, Record.Status.RETURNED)


@arrow(
    Leave, sources=[S.APPROVED], target=S.CANCELLED, label=_("取消请假"), event="cancelled", permit=before_it_begins, clause=CLAUSE,
)  # fmt: skip
def cancel(leave: Leave, *, by: Any, at: dt.datetime, reason: str = "") -> dict[str, Any]:
    """Given up before it begins: the days go back, the absence is undone, those who decided learn of it."""
    _mark(leave, Record.Status.VOID)
    write_use(leave, leave.first_slot, leave.last_slot, sign=1, by=by, at=at)
    _end_absence(leave, at)
    _tell_deciders(leave, "people.leave.cancelled", by, at)
    return {"values": {"cancel_reason": reason}} if reason else {}


def _guard_return(
    leave: Leave, *, by: Any, at: dt.datetime, returned_on: dt.date, returned_half: str
) -> Iterator[Refusal]:
    yield from leave_rules.refuse_return(
        slot=leave_rules.slot_of(returned_on, returned_half), first=leave.first_slot, last=leave.last_slot, today=clock.local_date(at),
        is_working=facts_of.working_days_of(leave.person_id, leave.unit),
    )  # fmt: skip


@arrow(
    Leave, sources=[S.APPROVED], target=S.ENDED, label=_("销假"), event="ended", permit=coming_back, guard=_guard_return, clause=CLAUSE,
    hint=_("回来上班后报告；提前回来的，没有用的天数退回余额。"),
)  # fmt: skip
def report_back(leave: Leave, *, by: Any, at: dt.datetime, returned_on: dt.date, returned_half: str) -> dict[str, Any]:
    """Back at work: what was not used goes back to the balance, and the delegation ends."""
    slot = leave_rules.slot_of(returned_on, returned_half)
    unused = 0
    if slot <= leave.last_slot:
        unused = -write_use(leave, slot, leave.last_slot, sign=1, by=by, at=at)
        leave.last_slot = slot - 1
        leave.halves -= abs(unused)
    _end_absence(leave, at)
    leave.returned_on, leave.returned_half = returned_on, returned_half
    _tell_deciders(leave, "people.leave.ended", by, at)
    return {"codes": {"unused": abs(unused)}}


def _end_absence(leave: Leave, at: dt.datetime) -> None:
    if leave.absence is not None and leave.absence.cancelled_at is None and leave.absence.to_at > at:
        absences.cancel(leave.absence, by=system_actor("leave", at), at=at)


def _tell_deciders(leave: Leave, code: str, by: Any, at: dt.datetime) -> None:
    people = set(Step.objects.filter(record_id=leave.pk).values_list("decided_by_id", flat=True)) | {leave.delegate_id}
    facts = {"number": str(leave.record)}
    notify(people - {by.person_id, None}, code, facts, at=at, record_id=leave.pk, url=leave.get_absolute_url())


FOLLOWS = {Step.State.AGREED: approve, Step.State.REFUSED: refuse, Step.State.RETURNED: send_back}


def lock_leave(step: Step) -> Leave:
    return Leave.objects.lock(step.record_id)


def follow(step: Step, *, by: Any, at: dt.datetime) -> None:
    """What the decision brings about, in its own transaction."""
    FOLLOWS[Step.State(step.state)](lock_leave(step), by=by, at=at)


def _mark(leave: Leave, status: str) -> None:
    Record.objects.filter(pk=leave.record_id).update(status=status)
    leave.record.status = status
