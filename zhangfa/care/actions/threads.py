"""From a problem raised on a visit to the answer: meeting, rule, answer, one thread (CS-W3.4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.care import permissions, rules
from zhangfa.care.models import Thread, Visit
from zhangfa.care.rules import THREAD, refuse_text
from zhangfa.claims.queries import person_in
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.core.transitions import announce, transition
from zhangfa.meetings.models import Meeting
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor
from zhangfa.policy.queries import value
from zhangfa.records.actions import open_record
from zhangfa.records.models import Record
from zhangfa.regulations.models import Regulation

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


def _guard_meet(thread: Thread, *, by: Actor, at: dt.datetime, meeting: Meeting) -> Iterator[Refusal]:
    """A meeting that nobody could call without a draft solution, and that decided after the problem was raised (AM-W1)."""
    decided = meeting.resolved_at
    yield from rules.refuse_meeting(
        is_deciding=meeting.is_deciding,
        is_passed=bool(meeting.is_passed),
        is_after=decided is not None and thread.raised_at <= decided,
    )


@transition(
    Thread, sources=[S.OPEN], target=S.MET, label=_("关联已开的会议"), event="met", permit=permissions.hold_meetings, guard=_guard_meet,
    clause=THREAD, hint=_("在别处召集的问题会议或公司会议也讨论了这件事时，在这里关联；还没有开会的，请召集问题会议。"),
)  # fmt: skip
def hold_meeting(thread: Thread, *, by: Actor, at: dt.datetime, meeting: Meeting) -> dict[str, Any]:
    """A meeting that was called elsewhere decided about the problem too; administration brings out the rule the day after."""
    told(thread, meeting)
    manager = person_in("am", at)
    notify([manager.pk if manager else None], "care.met", {"number": thread.record.number}, at=at, record_id=thread.pk, url=thread.get_absolute_url(), clause=THREAD)  # fmt: skip
    return {
        "codes": {
            "met_at": thread.met_at,
            "due_at": thread.rule_due_at,
            "meeting": meeting.pk,
            "needs_rule": meeting.needs_rule,
        }
    }


def told(thread: Thread, meeting: Meeting) -> None:
    """What the meeting decided stands on the thread."""
    assert meeting.resolved_at is not None
    thread.met_at, thread.held_meeting_id = meeting.resolved_at, meeting.pk
    thread.meeting, thread.meeting_url, thread.decision = (
        meeting.topic[:120],
        meeting.get_absolute_url(),
        meeting.resolution,
    )
    thread.rule_due_at = by_the_end(meeting.resolved_at, RULE_DAYS)


def _guard_rule(thread: Thread, *, by: Actor, at: dt.datetime, regulation: Regulation) -> Iterator[Refusal]:
    out = regulation.promulgated_at
    yield from rules.refuse_rule(is_public=regulation.is_public, is_after=out is not None and thread.raised_at <= out)


@transition(
    Thread, sources=[S.MET], target=S.RULED, label=_("关联已颁布的制度"), event="ruled", permit=permissions.make_rules, guard=_guard_rule, clause=THREAD,
    hint=_("另行起草、已经颁布的制度解决了这件事时，在这里关联；还没有制度的，请起草制度。"),
)  # fmt: skip
def promulgate(thread: Thread, *, by: Actor, at: dt.datetime, regulation: Regulation) -> dict[str, Any]:
    """A rule that was drafted for something else settles the problem too; the customer hears it the day after."""
    ruled(thread, at, regulation.title, regulation)
    manager = person_in("cs", at)
    notify([manager.pk if manager else None], "care.ruled", {"number": thread.record.number}, at=at, record_id=thread.pk, url=thread.get_absolute_url(), clause=THREAD)  # fmt: skip
    return {"codes": {"answer_due_at": thread.answer_due_at, "regulation": regulation.pk}}


def ruled(thread: Thread, at: dt.datetime, rule: str, regulation: Regulation | None) -> None:
    """What came out stands on the thread, and by when the customer hears of it."""
    thread.ruled_at, thread.rule, thread.answer_due_at = at, rule[:300], by_the_end(at, ANSWER_DAYS)
    if regulation is not None:
        thread.regulation_id, thread.rule_url = regulation.pk, regulation.get_absolute_url()


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
