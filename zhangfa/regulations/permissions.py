"""Who may draft, keep, promulgate and report on regulations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.approvals.queries import steps_of
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.core.transitions import Rule
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Grade
from zhangfa.regulations.rules import CLAUSE

DRAFTERS = ("am", "hr", "cs", "cc", "hs", "ls", "fin", "mk", "sup", "gm", "dgm")
MANAGERS = (Grade.DEPARTMENT_MANAGER, Grade.DEPARTMENT_MANAGER + 9)


def read_regulations(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Whoever works here reads the rules; the technical administrator reads no paper."""
    if by.person_id is None and not by.is_system:
        yield Refusal("regulation.read", _("系统管理员不查看单据。"), {}, CLAUSE)


def draft_regulations(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Specialists, supervisors and managers write rules; they are reviewed and approved by others."""
    if by.is_system:
        return
    if by.person_id is None or not any(seat.grade >= Grade.LINE_MANAGER for seat in by.seats):
        yield Refusal("regulation.draft", _("制度由专员、主管和经理起草。"), {}, CLAUSE, "", DRAFTERS)


def drafter(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Who drafted it, or administration, which keeps the rules."""
    if not by.is_system and not by.is_any_of([obj.drafted_by_id]) and not by.holds("am"):
        name = obj.drafted_by.shown_name if obj.drafted_by else ""
        yield Refusal("regulation.drafter", _("这一步由起草人%(name)s办理。"), {"name": name}, CLAUSE, "", ("am",))


def administration(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Administration promulgates and names who supervises the execution (AM-W2)."""
    if not by.is_system and not by.holds("am"):
        yield Refusal("regulation.administration", _("颁布和废止由行政部经理办理。"), {}, CLAUSE, "", ("am",))


def after_decision(state: str, kind: str) -> Rule:
    """What follows from a decision: only in the decision's own transaction, never by a button."""

    def permit(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
        last = next((s for s in reversed(steps_of(obj.record_id)) if s.kind == kind), None)
        if last is None or last.state != state or last.decided_by_id != by.person_id:
            yield Refusal("regulation.decision", _("这一步随审批结果自动办理。"), {}, CLAUSE, "", ("gm",))

    return permit


def is_head_of(department: Any, by: Actor) -> bool:
    """The manager of the department, or who stands in."""
    return any(
        seat.grade in range(*MANAGERS) and department.pk in (seat.department_id, seat.unit_id) for seat in by.seats
    )


def report_execution(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The department's own manager reports how it carries the regulation out (U04)."""
    if not by.is_system and not is_head_of(obj.department, by):
        yield Refusal(
            "execution.head", _("执行报告由%(unit)s的部门经理提交。"), {"unit": obj.department.shown_name}, CLAUSE
        )


def sees_receipts(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Who has not acknowledged: for administration and executives whole, for managers their own part."""
    if by.is_system or by.holds("am", "hr", "gm", "dgm"):
        return
    if not any(seat.grade >= Grade.LINE_MANAGER for seat in by.seats):
        yield Refusal("receipt.read", _("签收名单对管理人员开放。"), {}, CLAUSE, "", ("am", "hr"))


def paper_receipts(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """A signature on paper is entered by administration or the person's own line manager."""
    yield from sees_receipts(obj, by=by, at=at)
