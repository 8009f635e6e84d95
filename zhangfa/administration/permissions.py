"""Who may propose, read and take back a change of a figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.approvals.models import Step
from zhangfa.approvals.queries import steps_of
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.core.transitions import Rule
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Grade

CLAUSE = "X-2"
MANAGERS = ("am", "cs", "hs", "ls", "fin", "mk", "dgm", "gm")


def propose_change(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Department managers and above propose; the GM decides."""
    if by.person_id is None or not any(seat.grade >= Grade.DEPARTMENT_MANAGER for seat in by.seats):
        yield Refusal("change.post", _("章程由部门经理以上提出修改，由总经理批准。"), {}, CLAUSE, "", MANAGERS)


def read_changes(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The list shows each person what they may see; the technical administrator sees no paper."""
    if by.person_id is None and not by.is_system:
        yield Refusal("change.read", _("系统管理员不查看单据。"), {}, CLAUSE)


def proposer(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Only the proposer takes a paper back or mends it."""
    if not by.is_any_of([obj.proposed_by_id]):
        name = obj.proposed_by.shown_name if obj.proposed_by else ""
        yield Refusal("change.proposer", _("这一步由提交人%(name)s办理。"), {"name": name}, CLAUSE)


def after_decision(state: str) -> Rule:
    """What follows from the approval: only in the decision's own transaction, never by a button."""

    def permit(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
        last: Step | None = next(iter(reversed(steps_of(obj.record_id))), None)
        if last is None or last.state != state or last.decided_by_id != by.person_id:
            yield Refusal("change.decision", _("这一步随审批结果自动办理。"), {}, CLAUSE, "", ("gm",))

    return permit


def read_activities(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Everybody sees what concerns them, administration, finance and the leaders all; the technical administrator no paper."""
    if by.person_id is None and not by.is_system:
        yield Refusal("activity.read", _("系统管理员不查看单据。"), {}, "AM-D7")


def propose_activity(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The staff propose activities."""
    if by.person_id is None or not any(seat.grade >= Grade.CLERK for seat in by.own_seats):
        yield Refusal("activity.staff", _("活动方案由职员提交。"), {}, "AM-D7", "", ("am",))


def organiser(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Whoever proposed it carries it out; administration may for them."""
    if not by.is_any_of([obj.proposed_by_id]) and not by.holds("am"):
        name = obj.proposed_by.shown_name if obj.proposed_by else ""
        yield Refusal(
            "activity.organiser", _("这一步由提交人%(name)s或行政部经理办理。"), {"name": name}, "AM-D7", "", ("am",)
        )


def pays_activities(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Finance, and nobody else, pays."""
    if by.person_id is None or not by.holds("fin"):
        yield Refusal("activity.finance", _("活动费用由财务部付款。"), {}, "AM-W4.2", "", ("fin",))


def followed(*states: str) -> Rule:
    """What follows from the approval: only in the decision's own transaction, never by a button."""

    def permit(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
        last: Step | None = next(iter(reversed(steps_of(obj.record_id))), None)
        if last is None or last.state not in states or last.decided_by_id != by.person_id:
            yield Refusal("activity.decision", _("这一步随审批结果自动办理。"), {}, "AM-W4.2")

    return permit


def read_decisions(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Everybody sees the decisions that concern them."""
    if by.person_id is None and not by.is_system:
        yield Refusal("instant.read", _("系统管理员不查看单据。"), {}, "AM-W4.3")


def decide_instantly(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The administration manager decides at once in the company's name."""
    if by.person_id is None or not by.holds("am"):
        yield Refusal("instant.post", _("即时决定由行政部经理作出。"), {}, "AM-W4.3", "", ("am",))


def answer_for(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The GM bears the responsibility, and alone revokes."""
    if by.person_id is None or not by.holds("gm"):
        yield Refusal("instant.gm", _("由总经理办理。"), {}, "AM-W4.3", "", ("gm",))
    elif obj is not None and by.person_id == (obj.sent_by_id if hasattr(obj, "sent_by_id") else obj.decided_by_id):
        yield Refusal(
            "instant.own",
            _("自己作出的决定由他人审阅：请等总经理本人回来，或改由他人代理。"),
            {},
            "AM-W4.3",
            "",
            ("gm",),
        )


def read_lists(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The weekly lists are for administration and the leaders."""
    if not (by.is_system or by.holds("am", "hr", "dgm", "gm")):
        yield Refusal("instant.lists", _("周清单只对行政部和公司领导开放。"), {}, "AM-W4.3", "", ("am", "gm"))
