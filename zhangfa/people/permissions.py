"""Who reads and keeps workers' papers, asks for leave, keeps balances and rosters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.approvals.models import Step
from zhangfa.approvals.queries import steps_of, waiting_for
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.core.transitions import Rule
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Grade, Person
from zhangfa.people.leave import seat_of
from zhangfa.people.leave_rules import CLAUSE as LEAVE
from zhangfa.people.models import BY_DEPARTMENT, BY_OUTLET, EVERYWHERE, Leave

READERS = (*EVERYWHERE, *BY_DEPARTMENT, *BY_OUTLET, "sup", "sw")
KEEPERS_EVERYWHERE = ("hr", "am")
KEEPERS = (*KEEPERS_EVERYWHERE, *BY_OUTLET)
BALANCE_READERS = ("gm", "am", "hr")
HOURS_READERS, HOURS_PUBLISHERS = ("gm", "dgm", "am", "hr"), ("hr",)


def read_papers(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Those who send workers out, and workers their own."""
    if not (by.is_system or by.holds(*READERS)):
        yield Refusal("papers.read", _("服务员证件只对派工和管理服务员的岗位开放。"), clause="HS-W3", who=READERS)


def keep_papers(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """HR for everybody, outlets for their own workers; nobody their own."""
    if by.is_system:
        return
    if not by.holds(*KEEPERS):
        yield Refusal("papers.keep", _("证件由行政人事和所属网点登记。"), clause="HS-W3", who=KEEPERS)
    elif obj is not None and not by.holds(*KEEPERS_EVERYWHERE) and not by.holds(*BY_OUTLET, unit_id=obj.unit_id):
        yield Refusal("papers.unit", _("只能登记本网点服务员的证件。"), clause="HS-W3", who=KEEPERS)
    elif obj is not None and by.is_any_of({obj.person_id}):
        yield Refusal("papers.own", _("自己的证件由他人登记。"), clause="HS-W3", who=KEEPERS)


def read_leaves(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Everybody sees their own, and what is theirs to decide; the technical administrator sees no paper."""
    if by.person_id is None and not by.is_system:
        yield Refusal("leave.read", _("系统管理员不查看单据。"), {}, LEAVE)


def ask_for_leave(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Everybody for themselves; personnel for all, an outlet for its workers. `obj` is the person, none for oneself."""
    if by.person_id is None:
        yield Refusal("leave.nobody", _("这个账号不属于任何人，不能请假。"), {}, LEAVE)
    elif isinstance(obj, Person) and obj.pk != by.person_id and not by.holds(*KEEPERS_EVERYWHERE):
        seat = seat_of(obj.pk, at)
        if seat is None or not by.holds(*BY_OUTLET, unit_id=seat.unit_id):
            yield Refusal(
                "leave.others", _("只能为自己请假；他人的由人事或所属网点代填。"), {}, LEAVE, "person", KEEPERS
            )


def applicant(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """What the applicant does with their own request, or whoever filled it in for them."""
    if by.person_id is None or by.person_id not in (obj.person_id, obj.filed_by_id):
        yield Refusal("leave.applicant", _("这一步由请假人%(name)s办理。"), {"name": obj.person.shown_name}, LEAVE)


def before_it_begins(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """A leave is cancelled before it begins; afterwards one comes back early."""
    yield from applicant(obj, by=by, at=at)
    if at >= obj.begins_at:
        yield Refusal("leave.begun", _("已经开始休假，不能取消；提前回来请销假。"), {}, LEAVE)


def coming_back(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The person reports back, or personnel for them, once the leave has begun."""
    if not by.holds(*KEEPERS_EVERYWHERE) or by.is_any_of([obj.person_id]):
        yield from applicant(obj, by=by, at=at)
    if at < obj.begins_at:
        yield Refusal("leave.not_begun", _("还没有开始休假，不用销假。"), {}, LEAVE)


def after_decision(state: str) -> Rule:
    """What follows from the approval: only in the decision's own transaction, never by a button."""

    def permit(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
        last: Step | None = next(iter(reversed(steps_of(obj.record_id))), None)
        if last is None or last.state != state or last.decided_by_id != by.person_id:
            yield Refusal("leave.decision", _("这一步随审批结果自动办理。"), {}, LEAVE)

    return permit


def read_balance(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """One's own, personnel's and the GM's all, a head's those of the department. `obj` is the person."""
    if by.is_system or by.holds(*BALANCE_READERS) or (obj is None and by.person_id is not None):
        return
    if obj is not None and by.person_id == obj.pk:
        return
    heads = {s.department_id or s.unit_id for s in by.seats if s.grade >= Grade.DEPARTMENT_MANAGER}
    seat = seat_of(obj.pk, at) if obj is not None and heads else None
    if seat is None or (seat.unit.department_id or seat.unit_id) not in heads:
        yield Refusal("leave.balance", _("假期余额只对本人、部门负责人和人事开放。"), {}, LEAVE, "", BALANCE_READERS)


def keep_balances(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Personnel keeps the balances, nobody their own."""
    if by.is_system:
        return
    if not by.holds(*KEEPERS_EVERYWHERE):
        yield Refusal("leave.keep", _("假期余额由人事登记和更正。"), {}, LEAVE, "", KEEPERS_EVERYWHERE)
    elif obj is not None and by.is_any_of([obj.pk]):
        yield Refusal("leave.correct_own", _("自己的假期余额由他人更正。"), {}, LEAVE, "", KEEPERS_EVERYWHERE)


def keep_rosters(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Personnel keeps the rosters."""
    if not (by.is_system or by.holds(*KEEPERS_EVERYWHERE)):
        yield Refusal("roster.keep", _("排班由人事登记。"), {}, LEAVE, "", KEEPERS_EVERYWHERE)


def read_training(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Everybody sees the sessions they took part in and their own hours."""
    if by.person_id is None and not by.is_system:
        yield Refusal("training.read", _("系统管理员不查看单据。"), {}, "AM-D3")


def arrange_training(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Line managers and above arrange training for their people."""
    if by.person_id is None or not any(seat.grade >= Grade.LINE_MANAGER for seat in by.own_seats):
        yield Refusal(
            "training.post", _("培训由管理员以上安排。"), {}, "AM-D3", "", ("am", "hr", "cs", "cc", "hs", "ls")
        )


def keeps_training(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Whoever arranged the session, its trainer, and personnel."""
    if not by.is_any_of([obj.made_by_id, obj.trainer_id]) and not by.holds(*KEEPERS_EVERYWHERE):
        yield Refusal("training.keeper", _("由安排人、讲师或人事登记。"), {}, "AM-D3", "", KEEPERS_EVERYWHERE)


def read_hours(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The month's training hours: personnel, administration and the leaders all, department managers their part (RPT-05)."""
    if not by.is_system and not by.holds(*HOURS_READERS) and not departments_of(by):
        yield Refusal("hours.read", _("学时月报对部门经理、行政和人事开放。"), {}, "AM-D3", "", HOURS_READERS)


def publish_hours(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Personnel publishes the month's training hours."""
    if not by.holds(*HOURS_PUBLISHERS):
        yield Refusal("hours.publish", _("学时月报由人事发布。"), {}, "AM-D3", "", HOURS_PUBLISHERS)


def departments_of(by: Actor) -> list[int]:
    """The departments whose manager this is."""
    return sorted({s.department_id or s.unit_id for s in by.seats if s.grade == Grade.DEPARTMENT_MANAGER})


def sees_balance(leave: Leave, *, by: Any, at: dt.datetime) -> Any:
    """The balance is the person's, personnel's, and that of whoever decides."""
    if leave is not None and any(step.seat_id in {s.id for s in by.seats} or by.person_id in (step.person_id, step.decided_by_id) for step in waiting_for(leave.record_id)):  # fmt: skip
        return iter(())
    return read_balance(leave.person if leave is not None else None, by=by, at=at)
