"""Who may ask to be excused, take it back, and read how duties are kept."""

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

CLAUSE = "X-1"
PUBLISHERS = ("am",)
MANAGERS = ("am", "cs", "hs", "ls", "fin", "mk", "dgm", "gm")


def read_duties(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Each person reads what is theirs; the technical administrator has no part in it."""
    if by.person_id is None and not by.is_system:
        yield Refusal("duties.read", _("系统管理员不查看职责。"), {}, CLAUSE)


def ask_excuse(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Whoever owes the duty says why it could not be done."""
    yield from read_duties(by=by, at=at)
    if obj is not None and not by.is_any_of([obj.person_id]):
        name = obj.person.shown_name if obj.person else ""
        yield Refusal("excuse.owner", _("免责由责任人%(name)s本人申请。"), {"name": name}, CLAUSE)


def read_reports(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Department managers and above read the month's report, each their part."""
    if not by.is_system and not any(seat.grade >= Grade.DEPARTMENT_MANAGER for seat in by.seats):
        yield Refusal("report.read", _("职责办理情况月报对部门经理以上开放。"), {}, CLAUSE, "", MANAGERS)


def publish_report(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Administration publishes how duties were kept (RPT-03)."""
    if not by.holds(*PUBLISHERS):
        yield Refusal("report.publish", _("职责办理情况由行政部经理发布。"), {}, CLAUSE, "", PUBLISHERS)


def change_duties(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Department managers and above propose what a duty should be; the GM decides."""
    if by.person_id is None or not any(seat.grade >= Grade.DEPARTMENT_MANAGER for seat in by.seats):
        yield Refusal("duty.change", _("职责由部门经理以上提出修改，由总经理批准。"), {}, CLAUSE, "", MANAGERS)


def ask_what_if(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Department managers and above reckon a period again with another figure."""
    if by.person_id is None or not any(seat.grade >= Grade.DEPARTMENT_MANAGER for seat in by.seats):
        yield Refusal("whatif.post", _("重算历史对部门经理以上开放。"), {}, CLAUSE, "", MANAGERS)


def read_handovers(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Each sees the lists that concern them or their part of the company."""
    yield from read_duties(by=by, at=at)


def draw_up_handover(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Managers, administration and personnel draw up a list before somebody leaves a seat."""
    if by.person_id is None or not (by.holds("hr") or any(seat.grade >= Grade.LINE_MANAGER for seat in by.seats)):
        yield Refusal(
            "handover.draw", _("工作交接单由管理员以上、行政部或人力资源部建立。"), {}, CLAUSE, "", ("hr", *MANAGERS)
        )


def keep_handover(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The leaver, the superior, administration and personnel bring the list up to date."""
    if not by.is_any_of([obj.leaver_id, obj.superior_id]) and not by.holds("am", "hr"):
        yield Refusal(
            "handover.keep", _("交接单由移交人、监交人、行政部或人力资源部办理。"), {}, CLAUSE, "", ("hr", "am")
        )


def oversee_handover(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Who takes over is for the superior, administration and personnel to say."""
    if not by.is_any_of([obj.superior_id]) and not by.holds("am", "hr"):
        yield Refusal("handover.oversee", _("接任人由监交人、行政部或人力资源部确定。"), {}, CLAUSE, "", ("hr", "am"))


def with_last_signature(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    rows = list(obj.record.signatures.exclude(state="void"))
    if not rows or any(row.state == "waiting" for row in rows):
        yield Refusal("handover.unsigned", _("移交人、接任人和监交人尚未全部签字。"), {}, CLAUSE)


def proposer(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    if not by.is_any_of([obj.proposed_by_id]):
        name = obj.proposed_by.shown_name if obj.proposed_by else ""
        yield Refusal("excuse.proposer", _("这一步由提交人%(name)s办理。"), {"name": name}, CLAUSE)


def after_decision(*states: str) -> Rule:
    """What follows from the decision: only in its own transaction, never by a button."""

    def permit(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
        last: Step | None = next(iter(reversed(steps_of(obj.record_id))), None)
        if last is None or last.state not in states or last.decided_by_id != by.person_id:
            yield Refusal("excuse.decision", _("这一步随审批结果自动办理。"), {}, CLAUSE)

    return permit
