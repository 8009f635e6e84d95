"""Alliances with other trades, the 2:8 plan, and the quarter's look at both (CS-D4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.care import permissions
from zhangfa.care.account_rules import quarter_of
from zhangfa.care.actions.plans import centre
from zhangfa.care.models import Alliance, AllianceStep, PlanReview
from zhangfa.care.rules import refuse_text
from zhangfa.claims.queries import person_in
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce, transition
from zhangfa.core.work import work
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person
from zhangfa.records.actions import concern, copy_to, open_record

S, CLAUSE = Alliance.Status, "CS-D4"
PLAN, REVIEW = "LM", "JC"


def plan_alliance(
    *, kind: str, partner: str, aim: str, offer: str, owner: Person, from_on: dt.date, to_on: dt.date, trade: str = "", by: Actor, at: dt.datetime
) -> Alliance:  # fmt: skip
    """A plan with partner, aim and days; its timetable follows line by line."""
    with work():
        demand(permissions.keep_alliances(by=by, at=at))
        if to_on <= from_on:
            demand([Refusal("alliance.days", _("结束日期要在开始日期之后。"), {}, CLAUSE, "to_on")])
        record = open_record(
            PLAN, unit=centre(), by=by, at=at, title=partner, url=lambda pk: f"/care/alliances/{pk}/", is_handed_in=True
        )
        row = Alliance(
            record=record, kind=kind, partner=partner, trade=trade, aim=aim, offer=offer, owner=owner, from_on=from_on, to_on=to_on
        )  # fmt: skip
        row.save(force_insert=True)
        concern(record, owner.pk, "owner")
        announce("care.alliance.planned", row, by=by, at=at, label=_("制定计划"), record_id=record.pk, clause=CLAUSE, is_new=True, codes={"kind": kind})  # fmt: skip
    return row


def _guard_step(row: Alliance, *, by: Actor, at: dt.datetime, text: str, due_on: dt.date) -> Iterator[Refusal]:
    yield from refuse_text(text, "text", CLAUSE, 2)
    if not row.from_on <= due_on <= row.to_on:
        yield Refusal("alliance.step", _("步骤的期限要在计划的起止日期之内。"), {}, CLAUSE, "due_on")


@transition(Alliance, sources=[S.RUNNING], target=None, label=_("添加步骤"), event="step_added", permit=permissions.keep_alliances, guard=_guard_step, clause=CLAUSE)  # fmt: skip
def add_step(row: Alliance, *, by: Actor, at: dt.datetime, text: str, due_on: dt.date) -> dict[str, Any]:
    """One line of the timetable."""
    step = AllianceStep.objects.create(alliance=row, text=text, due_on=due_on)
    return {"codes": {"step": step.pk}}


@transition(
    Alliance, sources=[S.RUNNING], target=None, label=_("登记步骤完成"), event="step_done", permit=permissions.keep_alliances,
    applies=lambda row: row.steps.filter(done_on=None).exists(), clause=CLAUSE,
)  # fmt: skip
def finish_step(row: Alliance, *, by: Actor, at: dt.datetime, step: AllianceStep, result: str) -> dict[str, Any]:
    """A step was done, and what came of it."""
    AllianceStep.objects.filter(alliance=row, pk=step.pk).update(done_on=clock.local_date(at), result=result)
    return {"codes": {"step": step.pk}, "values": {"result": result}}


def _guard_end(row: Alliance, *, by: Actor, at: dt.datetime, result: str) -> Iterator[Refusal]:
    yield from refuse_text(result, "result", CLAUSE, 4)


@transition(Alliance, sources=[S.RUNNING], target=S.ENDED, label=_("结束计划"), event="ended", permit=permissions.keep_alliances, guard=_guard_end, clause=CLAUSE)  # fmt: skip
def end_alliance(row: Alliance, *, by: Actor, at: dt.datetime, result: str) -> dict[str, Any]:
    """It is over, with what it brought."""
    row.result = result
    return {}


def review(*, alliances: str, top: str, base: str, next_steps: str, by: Actor, at: dt.datetime) -> PlanReview:
    """The quarter's review: how alliances go, what the top customers are, who the others are and the answer to them (D-CS-13)."""
    with work():
        demand(permissions.review_plans(by=by, at=at))
        quarter = quarter_of(clock.local_date(at))
        for field, text in (("alliances", alliances), ("top", top), ("base", base), ("next_steps", next_steps)):
            demand(refuse_text(text, field, CLAUSE))
        if PlanReview.objects.filter(quarter_on=quarter).exists():
            demand([Refusal("review.once", _("这个季度已经检查过。"), {}, CLAUSE)])
        record = open_record(REVIEW, unit=centre(), by=by, at=at, title=f"{quarter:%Y-%m}", url=lambda pk: f"/care/reviews/{pk}/", is_handed_in=True)  # fmt: skip
        row = PlanReview(
            record=record, quarter_on=quarter, alliances=alliances, top=top, base=base, next_steps=next_steps, made_at=at, made_by_id=by.person_id
        )  # fmt: skip
        row.save(force_insert=True)
        reader = person_in("gm", at)
        copy_to(record, [reader.pk] if reader else [], by=by, at=at)
        period = f"{quarter.year}Q{(quarter.month + 2) // 3}"
        announce("care.planreview.made", row, by=by, at=at, label=_("检查联盟和二八计划"), record_id=record.pk, clause=CLAUSE, is_new=True, codes={"period": period})  # fmt: skip
    return row
