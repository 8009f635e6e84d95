"""An inspection carried to any of its statuses, for the tests of everything around it."""

import datetime as dt
from typing import Any

from tests.houses import MONDAY, House
from zhangfa.core import clock
from zhangfa.inspections import actions
from zhangfa.inspections.models import Answer, Inspection, Problem, Sheet

DAY = dt.timedelta(days=1)
TODAY = MONDAY.date()


def planned(
    house: House, *, unit: str = "east", by: str = "am", kind: str = "inspection", at: dt.datetime = MONDAY
) -> Inspection:
    return actions.plan(
        kind=kind,
        unit=house.units[unit],
        planned_on=clock.local_date(at),
        outline="查服务流程和安全用语",
        by=house.actor(by, at),
        at=at,
    )


def listed(house: House, *, announced: bool = True, at: dt.datetime = MONDAY, **more: Any) -> Inspection:
    """A list with one item of each kind (a spot check: all of them a surprise), and one who goes."""
    row = planned(house, at=at, **more)
    by = house.actor(more.get("by", "am"), at)
    facts: dict[str, Any] = {"source": "员工手册", "clause": "第三条", "expected": "先问客户再动手"}
    if announced and not row.is_spot:
        row = actions.add_item(row, question="上门时先做什么？", is_announced=True, by=by, at=at, **facts)
    row = actions.add_item(row, question="损坏物品时怎么办？", by=by, at=at, **facts)
    if not row.is_spot:
        row = actions.appoint(row, person=house.people["hr"], by=by, at=at)
    return row


def started(house: House, at: dt.datetime = MONDAY, **more: Any) -> Inspection:
    row = listed(house, at=at, **more)
    row = actions.issue(row, by=house.actor(more.get("by", "am"), at), at=at)
    return actions.start(row, by=house.actor("hs" if row.is_spot else "hr", at), at=at)


def asked(house: House, person: str = "oa", at: dt.datetime = MONDAY, **more: Any) -> Sheet:
    """A sheet with its questions, nothing answered yet."""
    row = started(house, at=at, **more)
    actions.open_sheet(row, person=house.people[person], by=house.actor("hs" if row.is_spot else "hr", at), at=at)
    return Sheet.objects.select_related("record", "inspection", "person", "unit").get()


def answered(
    house: House, verdicts: tuple[str, ...] = ("correct", "wrong"), at: dt.datetime = MONDAY, **more: Any
) -> Sheet:
    sheet = asked(house, at=at, **more)
    by = house.actor("hs" if sheet.inspection.is_spot else "hr", at)
    for answer, verdict in zip(sheet.answers.order_by("no"), verdicts, strict=False):
        points = {"correct": 0, "partly": 5, "wrong": 10}[verdict]
        actions.record_answer(
            sheet, id=answer.pk, answer="先打招呼，再看现场", verdict=verdict, deduction=points, by=by, at=at
        )
    more_facts = {"schedule_match": "match"} if sheet.inspection.is_spot else {}
    return actions.write_up(sheet, comment="流程基本清楚，赔付不熟", by=by, at=at, **more_facts)


def handed(house: House, at: dt.datetime = MONDAY, **more: Any) -> Sheet:
    sheet = answered(house, at=at, **more)
    return actions.hand_in(sheet, by=house.actor("hs" if sheet.inspection.is_spot else "hr", at), at=at)


def ordered(
    house: House,
    row: Inspection,
    *,
    owner: str = "oa",
    due: int = 3,
    by: str = "hr",
    at: dt.datetime = MONDAY,
    **more: Any,
) -> Problem:
    facts: dict[str, Any] = {"issue": "不会讲三大承诺", "measure": "周三前培训并复述", "urgency": "immediate"} | more
    actions.order_problem(
        row, owner=house.people[owner], due_on=clock.local_date(at) + due * DAY, by=house.actor(by, at), at=at, **facts
    )
    return Problem.objects.order_by("-pk").first()


__all__ = ["Answer", "answered", "asked", "handed", "listed", "ordered", "planned", "started"]
