"""A request to another department: acknowledged, answered, closed or asked again (AM-D4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.administration import request_rules as rules
from zhangfa.administration.coordination_permissions import asked, asker, content_with, make_requests
from zhangfa.administration.models import DeptRequest
from zhangfa.administration.models.requests import departments_of
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import work
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Unit
from zhangfa.organisation.queries import executive_seat_for, holders, manager_seat_of
from zhangfa.policy import queries as policy
from zhangfa.records.actions import assign_number, concern, open_record
from zhangfa.records.models import Record

S = DeptRequest.Status
CLAUSE = rules.REQUEST
REQUEST_FORM = "XZ"
ACK, ANSWER = "request.ack_hours", "request.answer_days"


def ask(*, to_unit: Unit, title: str, details: str, by: Actor, at: dt.datetime) -> DeptRequest:
    """One department asks another; the head of the other is told, and so is the executive in charge."""
    demand(make_requests(by=by, at=at))
    own = next(iter(departments_of(by)), None)
    seat = manager_seat_of(to_unit)
    people = [person.pk for person in holders([seat.pk], at).get(seat.pk, [])] if seat else []
    demand(
        [
            *rules.refuse_request(
                own=own, to=to_unit.pk, is_department=to_unit.kind == Unit.Kind.DEPARTMENT, has_manager=bool(people)
            ),
            *rules.refuse_text(title, "title", CLAUSE),
            *rules.refuse_text(details, "details", CLAUSE),
        ]
    )
    assert seat is not None and own is not None
    with work():
        from_unit = Unit.objects.get(pk=own)
        record = open_record(REQUEST_FORM, unit=from_unit, by=by, at=at, title=title[:120], retention="R4")
        request = DeptRequest(
            record=record, title=title, details=details, from_unit=from_unit, to_unit=to_unit, seat=seat, asked_at=at,
            asked_by_id=by.person_id, ack_due_at=at + dt.timedelta(hours=int(policy.value(ACK, at))), answer_due_at=_answer_due(at),
        )  # fmt: skip
        request.save(force_insert=True)
        record.url = request.get_absolute_url()
        record.save(update_fields=["url"])
        if by.person_id is not None:
            concern(record, by.person_id, "applicant")
        assign_number(record, at=at)
        announce(
            "administration.deptrequest.sent", request, by=by, at=at, label=_("发出部门协作单"), record_id=record.pk, clause=CLAUSE,
            is_new=True, codes={**_owed(request), "from": own, "to": to_unit.pk}, values={"title": title, "details": details},
        )  # fmt: skip
        executive = executive_seat_for(to_unit, at)
        above = [person.pk for person in holders([executive.pk], at).get(executive.pk, [])] if executive else []
        _news(request, set(people) - {by.person_id}, "administration.request_sent", at)
        _news(request, set(above) - {by.person_id, *people}, "administration.request_seen", at)
        return request


def _answer_due(at: dt.datetime) -> dt.datetime:
    return at + dt.timedelta(days=int(policy.value(ANSWER, at)))


def _owed(request: DeptRequest) -> dict[str, Any]:
    return {
        "subject": request.subject, "seat": request.seat_id, "ack_due_at": request.ack_due_at.isoformat(),
        "answer_due_at": request.answer_due_at.isoformat(),
    }  # fmt: skip


@arrow(
    DeptRequest, sources=[S.SENT], target=S.ACKNOWLEDGED, label=_("接收"), event="acknowledged", permit=asked, clause=CLAUSE,
    hint=_("收到即点，表示已安排人办理；答复另有期限。"),
)  # fmt: skip
def acknowledge(request: DeptRequest, *, by: Actor, at: dt.datetime) -> dict[str, Any]:
    """The other department has it in hand."""
    request.acknowledged_at, request.acknowledged_by_id = at, by.person_id
    _news(request, [request.asked_by_id], "administration.request_taken", at)
    return {"codes": {"subject": request.subject}}


def _guard_answer(request: DeptRequest, *, by: Actor, at: dt.datetime, outcome: str, answer: str) -> Iterator[Refusal]:
    yield from rules.refuse_text(answer, "answer", CLAUSE)


@arrow(
    DeptRequest, sources=[S.SENT, S.ACKNOWLEDGED], target=S.ANSWERED, label=_("答复"), event="answered", permit=asked,
    guard=_guard_answer, clause=CLAUSE,
)  # fmt: skip
def reply(request: DeptRequest, *, by: Actor, at: dt.datetime, outcome: str, answer: str) -> dict[str, Any]:
    """What the department does about it, or why it can't."""
    request.outcome, request.answer = outcome, answer
    request.answered_at, request.answered_by_id = at, by.person_id
    if request.acknowledged_at is None:
        request.acknowledged_at, request.acknowledged_by_id = at, by.person_id
    _news(request, [request.asked_by_id], "administration.request_answered", at)
    return {"codes": {"subject": request.subject, "outcome": outcome}}


def _guard_reason(request: DeptRequest, *, by: Actor, at: dt.datetime, reason: str) -> Iterator[Refusal]:
    yield from rules.refuse_text(reason, "reason", CLAUSE)


@arrow(
    DeptRequest,
    sources=[S.ANSWERED],
    target=S.CLOSED,
    label=_("确认了结"),
    event="closed",
    permit=content_with,
    clause=CLAUSE,
)
def settle(request: DeptRequest, *, by: Actor, at: dt.datetime) -> None:
    """Who asked is content."""
    request.closed_at = at
    _mark(request, Record.Status.APPROVED)


@arrow(
    DeptRequest, sources=[S.ANSWERED], target=S.ACKNOWLEDGED, label=_("没有解决，再请办理"), event="asked_again", permit=asker,
    guard=_guard_reason, clause=CLAUSE,
)  # fmt: skip
def ask_again(request: DeptRequest, *, by: Actor, at: dt.datetime, reason: str) -> None:
    """The answer was not enough: a new one is owed, with the same time for it."""
    request.round += 1
    request.opinion, request.answer_due_at = reason, _answer_due(at)
    announce(
        "administration.deptrequest.reopened", request, by=by, at=at, label=_("协作单再请办理"), record_id=request.pk,
        codes=_owed(request), clause=CLAUSE,
    )  # fmt: skip
    people = [person.pk for person in holders([request.seat_id], at).get(request.seat_id, [])]
    _news(request, people, "administration.request_sent", at)


@arrow(
    DeptRequest, sources=[S.SENT, S.ACKNOWLEDGED], target=S.WITHDRAWN, label=_("撤回"), event="withdrawn", permit=asker,
    guard=_guard_reason, clause=CLAUSE,
)  # fmt: skip
def withdraw_request(request: DeptRequest, *, by: Actor, at: dt.datetime, reason: str) -> dict[str, Any]:
    request.opinion, request.closed_at = reason, at
    _mark(request, Record.Status.VOID)
    return {"codes": {"subject": request.subject}}


def _mark(request: DeptRequest, status: str) -> None:
    Record.objects.filter(pk=request.pk).update(status=status)
    request.record.status = status


def _news(request: DeptRequest, people: Any, code: str, at: dt.datetime) -> None:
    params = {"number": request.record.number or ""}
    notify(people, code, params, at=at, record_id=request.pk, url=request.get_absolute_url(), clause=CLAUSE)
