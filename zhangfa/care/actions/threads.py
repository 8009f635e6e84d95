"""From a problem raised on a visit to the answer: meeting, rule, answer, one thread (CS-W3.4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.care import permissions
from zhangfa.care.models import Thread, Visit
from zhangfa.care.rules import THREAD, refuse_text
from zhangfa.claims.queries import person_in
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.core.transitions import announce, transition
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor
from zhangfa.policy.queries import value
from zhangfa.records.actions import open_record
from zhangfa.records.models import Record

S = Thread.Status
FORM = "WT"
MEETING_DAYS, RULE_DAYS, ANSWER_DAYS = (
    "visit.problem_meeting_days",
    "visit.rule_after_meeting_days",
    "visit.answer_days",
)


def by_the_end(at: dt.datetime, key: str) -> dt.datetime:
    """The end of the day so many days on."""
    return clock.day_end(at + dt.timedelta(days=int(value(key, at))))


def raise_thread(visit: Visit, *, by: Actor, at: dt.datetime) -> Thread:
    """A problem that needs action begins a thread; the service centre calls a meeting within the days (D-CS-05)."""
    due = by_the_end(at, MEETING_DAYS)
    record = open_record(
        FORM, unit=visit.outlet, by=by, at=at, title=visit.customer.no, url=lambda pk: f"/care/threads/{pk}/", retention="R3", due_at=due,
        is_handed_in=True,
    )  # fmt: skip
    thread = Thread(
        record=record, visit=visit, customer_id=visit.customer_id, outlet_id=visit.outlet_id, department_id=visit.department_id, raised_at=at,
        raised_by_id=by.person_id, meeting_due_at=due,
    )  # fmt: skip
    thread.save(force_insert=True)
    announce(
        "care.thread.raised", thread, by=by, at=at, label=_("访问中发现问题"), record_id=record.pk, clause=THREAD,
        codes={"visit": visit.pk, "problem": visit.problem, "severity": visit.severity, "meeting_due_at": due},
    )  # fmt: skip
    manager = person_in("cs", at)
    params = {"number": record.number, "day": clock.local_date(due - dt.timedelta(seconds=1)).isoformat()}
    notify([manager.pk if manager else None], "care.raised", params, at=at, record_id=record.pk, url=thread.get_absolute_url(), clause=THREAD)  # fmt: skip
    return thread


def _guard_meet(thread: Thread, *, by: Actor, at: dt.datetime, meeting: str, decision: str, met_at: dt.datetime, meeting_url: str = "") -> Iterator[Refusal]:  # fmt: skip
    yield from refuse_text(meeting, "meeting", THREAD, 4)
    yield from refuse_text(decision, "decision", THREAD)
    if not thread.raised_at <= met_at <= at:
        yield Refusal("thread.met_at", _("开会时间应在问题提出之后、现在之前。"), {}, THREAD, "met_at")


@transition(
    Thread, sources=[S.OPEN], target=S.MET, label=_("登记问题会议"), event="met", permit=permissions.hold_meetings, guard=_guard_meet, clause=THREAD,
)  # fmt: skip
def hold_meeting(thread: Thread, *, by: Actor, at: dt.datetime, meeting: str, decision: str, met_at: dt.datetime, meeting_url: str = "") -> dict[str, Any]:  # fmt: skip
    """The meeting decided; administration brings out the rule the day after."""
    thread.met_at, thread.meeting, thread.decision, thread.meeting_url = met_at, meeting, decision, meeting_url
    thread.rule_due_at = by_the_end(met_at, RULE_DAYS)
    manager = person_in("am", at)
    notify([manager.pk if manager else None], "care.met", {"number": thread.record.number}, at=at, record_id=thread.pk, url=thread.get_absolute_url(), clause=THREAD)  # fmt: skip
    return {"codes": {"met_at": met_at, "due_at": thread.rule_due_at}}


def _guard_rule(thread: Thread, *, by: Actor, at: dt.datetime, rule: str, rule_url: str = "") -> Iterator[Refusal]:
    yield from refuse_text(rule, "rule", THREAD)


@transition(
    Thread, sources=[S.MET], target=S.RULED, label=_("登记出台的制度"), event="ruled", permit=permissions.make_rules, guard=_guard_rule, clause=THREAD,
)  # fmt: skip
def promulgate(thread: Thread, *, by: Actor, at: dt.datetime, rule: str, rule_url: str = "") -> dict[str, Any]:
    """The rule is out; the customer hears it the day after."""
    thread.ruled_at, thread.rule, thread.rule_url = at, rule, rule_url
    thread.answer_due_at = by_the_end(at, ANSWER_DAYS)
    manager = person_in("cs", at)
    notify([manager.pk if manager else None], "care.ruled", {"number": thread.record.number}, at=at, record_id=thread.pk, url=thread.get_absolute_url(), clause=THREAD)  # fmt: skip
    return {"codes": {"answer_due_at": thread.answer_due_at}}


def _guard_answer(thread: Thread, *, by: Actor, at: dt.datetime, answer: str) -> Iterator[Refusal]:
    yield from refuse_text(answer, "answer", THREAD)


@transition(
    Thread, sources=[S.RULED], target=S.ANSWERED, label=_("答复客户"), event="answered", permit=permissions.answer_threads, guard=_guard_answer,
    clause=THREAD,
)  # fmt: skip
def answer(thread: Thread, *, by: Actor, at: dt.datetime, answer: str) -> dict[str, Any]:
    """The customer knows what the company changed (D-CS-12)."""
    thread.answered_at, thread.answered_by_id, thread.answer = at, by.person_id, answer
    Record.objects.filter(pk=thread.pk).update(status=Record.Status.APPROVED)
    return {"values": {"answer": answer}}
