"""Who draws up lists, asks, orders, looks again, decides objections and publishes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.inspections.models import ALL_SEEING, Finding, Inspection, Problem, Sheet
from zhangfa.inspections.models.problem import HEADS
from zhangfa.inspections.rules import INSPECTIONS, SPOT_CHECKS, clause_of
from zhangfa.organisation.actor import Actor

PLANNERS = ("am", "hr")
SPOTTERS = (*HEADS, "am")
RULERS = ("am", "dgm", "gm")
FORMS = "HS-W1.9"
STAFF = 20


def read_inspections(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Everybody who works here: each sees what concerns them."""
    if by.person_id is None:
        yield Refusal("inspection.read", _("检查记录只对公司人员开放。"), clause=INSPECTIONS)


def plan_inspections(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Lists of inspections are drawn up by administration."""
    if not by.holds(*PLANNERS):
        yield Refusal("inspection.plan", _("制度检查由行政部拟定。"), clause=INSPECTIONS, who=PLANNERS)


def plan_spot_checks(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """A head checks the posts of their own department; administration any."""
    if not by.holds(*SPOTTERS):
        yield Refusal("inspection.spot_post", _("岗位抽查由部门经理进行。"), clause=SPOT_CHECKS, who=SPOTTERS)
    elif obj is not None and not by.holds("am"):
        department = getattr(obj, "department_id", None)
        if not any(s.post in HEADS and (s.department_id or s.unit_id) == department for s in by.seats):
            yield Refusal("inspection.department", _("只能抽查本部门的岗位。"), {}, SPOT_CHECKS, "unit", SPOTTERS)


def _people(by: Actor) -> set[int]:
    return {p for p in (by.person_id, *(s.person_id for s in by.seats if s.is_delegated)) if p}


def _planner(inspection: Inspection, by: Actor) -> bool:
    return inspection.planned_by_id in _people(by)


def write_list(inspection: Inspection, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The list is written by who began it, or by administration."""
    if not (_planner(inspection, by) or (not inspection.is_spot and by.holds(*PLANNERS))):
        yield Refusal(
            "inspection.list", _("清单由拟定人填写。"), {}, clause_of(is_spot=inspection.is_spot), "",
            SPOTTERS if inspection.is_spot else PLANNERS,
        )  # fmt: skip


def is_inspector(inspection: Inspection, by: Actor) -> bool:
    """Whether the actor goes; asked once per object."""
    known = getattr(inspection, "known_inspectors", None)
    if known is None:
        known = frozenset(inspection.inspectors.values_list("person_id", flat=True))
        inspection.known_inspectors = known  # type: ignore[attr-defined]
    return bool(_people(by) & known)


def inspect(inspection: Inspection, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Only those on the list ask."""
    if not is_inspector(inspection, by):
        yield Refusal("inspection.inspector", _("由清单上的检查人办理。"), {}, clause_of(is_spot=inspection.is_spot))


def order_rectification(inspection: Inspection, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Orders come from those who inspected or drew up the list."""
    if not (_planner(inspection, by) or is_inspector(inspection, by) or by.holds("am")):
        yield Refusal(
            "problem.order", _("整改要求由检查人或行政部提出。"), {}, clause_of(is_spot=inspection.is_spot), "", ("am",)
        )


def knows_list(inspection: Inspection, actor: Actor) -> bool:
    """Whether the reader may see what is not announced: those who go or drew it up, and those above."""
    return actor.is_system or actor.holds(*ALL_SEEING) or _planner(inspection, actor) or is_inspector(inspection, actor)


def ask(sheet: Sheet, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    yield from inspect(sheet.inspection, by=by, at=at)


def object_to_sheet(sheet: Sheet, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The person contests their own sheet."""
    if sheet.person_id != by.person_id:
        yield Refusal("sheet.not_own", _("异议由受检人本人提出。"), {}, INSPECTIONS)


def rule_on_sheet(sheet: Sheet, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Somebody who neither asked nor was asked decides."""
    people = _people(by)
    if not by.holds(*RULERS):
        yield Refusal("sheet.ruler", _("异议由行政部经理、分管副总经理或总经理处理。"), {}, INSPECTIONS, "", RULERS)
    elif sheet.person_id in people or is_inspector(sheet.inspection, by) or sheet.objected_by_id in people:
        yield Refusal(
            "sheet.own_ruling", _("检查人和受检人不能处理这项异议，请由其他领导处理。"), {}, INSPECTIONS, "", RULERS
        )


def _answers(problem: Problem, by: Actor) -> bool:
    """Whether it is the actor's to put right: its owner's, and whose seat owes it by now."""
    return problem.owner_id in _people(by) or any(s.id == problem.seat_id for s in by.seats)


def finish_problem(problem: Problem, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The owner says what was done, or who has come into the seat that owes it."""
    if not _answers(problem, by):
        yield Refusal("problem.owner", _("整改情况由责任人填写。"), {}, clause_of(is_spot=problem.is_spot))


def recheck_problem(problem: Problem, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Who ordered it looks again, who has come into that seat, or administration; never who is to put it right."""
    orders = problem.ordered_by_id in _people(by) or any(s.id == problem.orderer_seat_id for s in by.seats)
    if _answers(problem, by):
        yield Refusal("problem.own_recheck", _("责任人不能复查自己的整改。"), {}, clause_of(is_spot=problem.is_spot))
    elif not orders and not by.holds("am"):
        yield Refusal(
            "problem.recheck_by", _("由提出人或行政部经理复查。"), {}, clause_of(is_spot=problem.is_spot), "", ("am",)
        )


def publish_weeks(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The departments' table is administration's."""
    if not (by.is_system or by.holds("am")):
        yield Refusal("week.publish", _("执行制度情况由行政部经理汇总和公布。"), clause=INSPECTIONS, who=("am",))


def read_weeks(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Units are praised and criticised in public: everybody in the house reads the published table."""
    if by.person_id is None or by.grade < STAFF:
        yield Refusal("week.read", _("执行制度情况总结表对公司职员开放。"), clause=INSPECTIONS)


def read_findings(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    if by.person_id is None:
        yield Refusal("finding.read", _("表单质量只对公司人员开放。"), clause=FORMS)


def object_to_finding(finding: Finding, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    if finding.person_id != by.person_id:
        yield Refusal("finding.own", _("由填写人本人说明。"), {}, FORMS)


def rule_on_finding(finding: Finding, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """A head of the department or administration, never the person who filled the forms in."""
    if finding.person_id in _people(by):
        yield Refusal("finding.own_ruling", _("不能处理关于自己的情况。"), {}, FORMS)
        return
    heads = any(s.post in HEADS and (s.department_id or s.unit_id) == finding.department_id for s in by.seats)
    if not (heads or by.holds(*RULERS)):
        yield Refusal("finding.ruler", _("由部门经理或行政部经理核实。"), {}, FORMS, "", ("am", *HEADS))
