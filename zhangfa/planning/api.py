"""Plans and summaries through the programming interface."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from ninja import Router

from zhangfa.core.text import _
from zhangfa.planning import actions, queries
from zhangfa.planning.models import Plan, Summary
from zhangfa.planning.permissions import make_plans, read_plans
from zhangfa.planning.rules import CLAUSE
from zhangfa.planning.web.forms import PLAN_FORMS, BeginForm, SummaryForm
from zhangfa.planning.web.pages import PlanList, SummaryList
from zhangfa.records.api.operations import key_lookup
from zhangfa.ui.api import Call, Schema, creates, lists, reads, transitions
from zhangfa.ui.api.things import making

router = Router()
JOINS = ("record", "unit", "person", "parent__record")


class PlanItemOut(Schema):
    id: int
    n: int
    title: str
    standard: str
    target: Decimal | None
    unit: str
    is_output: bool
    owner: int
    due_on: dt.date
    actual: Decimal | None
    variance: Decimal | None
    pct: Decimal
    parent: int | None


class PlanLine(Schema):
    """A plan without its items."""

    id: str
    number: str
    title: str
    level: str
    rhythm: str
    period: str
    from_on: dt.date
    to_on: dt.date
    unit: int
    person: int
    person_name: str
    parent: str | None
    status: str
    status_label: str
    pct: Decimal
    opinion: str
    result: str
    url: str


class PlanOut(PlanLine):
    """A plan with its items."""

    items: list[PlanItemOut]


def line(_call: Call, plan: Plan) -> PlanLine:
    return PlanLine(**_facts(plan))


def _facts(plan: Plan) -> dict[str, object]:
    return {
        "id": str(plan.pk), "number": plan.record.number or "", "title": queries.title_of(plan), "level": plan.level, "rhythm": plan.rhythm,
        "period": plan.period, "from_on": plan.from_on, "to_on": plan.to_on, "unit": plan.unit_id, "person": plan.person_id,
        "person_name": plan.person.shown_name, "parent": str(plan.parent_id) if plan.parent_id else None, "status": plan.status,
        "status_label": plan.get_status_display(), "pct": plan.pct, "opinion": plan.opinion, "result": plan.result, "url": plan.get_absolute_url(),
    }  # fmt: skip


def shown(_call: Call, plan: Plan) -> PlanOut:
    items = [
        PlanItemOut(
            id=row.pk, n=row.n, title=row.title, standard=row.standard, target=row.target, unit=row.unit, is_output=row.is_output, owner=row.owner_id, due_on=row.due_on,
            actual=row.actual, variance=row.variance, pct=row.pct, parent=row.parent_id,
        )
        for row in plan.items.order_by("n")
    ]  # fmt: skip
    return PlanOut(**_facts(plan), items=items)


def _find(call: Call) -> Plan:
    rows = Plan.objects.visible_to(call.actor).select_related(*JOINS)
    found: Plan = call.one(rows, **key_lookup(call.path["key"], "record__number"))
    call.check(read_plans, found)
    return found


lists(router, "/plans", id="plans", summary=_("工作计划"), page=PlanList, line=line, out=PlanLine, about=CLAUSE)
creates(
    router,
    "/plans",
    id="begin_plan",
    summary=_("制订计划"),
    form=BeginForm,
    act=making(actions.begin),
    show=shown,
    out=PlanOut,
    permission=make_plans,
    about=CLAUSE,
)
reads(router, "/plans/{key}", id="plan", summary=_("一份计划"), give=lambda call: shown(call, _find(call)), out=PlanOut)
transitions(router, "/plans/{key}", model=Plan, noun="plan", forms_of=PLAN_FORMS, find=_find, show=shown, out=PlanOut)


class SummaryOut(Schema):
    """A year-end summary with the year's plans as they stood."""

    id: str
    number: str
    level: str
    year: int
    unit: int
    person: int
    text: str
    problems: str
    next_plan: str
    pct: str
    plans: int
    written_at: dt.datetime
    url: str


def summary_shown(_call: Call, row: Summary) -> SummaryOut:
    return SummaryOut(
        id=str(row.pk), number=row.record.number or "", level=row.level, year=row.year, unit=row.unit_id, person=row.person_id, text=row.text,
        problems=row.problems, next_plan=row.next_plan, pct=row.figures["pct"], plans=row.figures["count"], written_at=row.written_at, url=row.get_absolute_url(),
    )  # fmt: skip


lists(
    router,
    "/plan-summaries",
    id="plan_summaries",
    summary=_("年终总结"),
    page=SummaryList,
    line=summary_shown,
    out=SummaryOut,
    about=CLAUSE,
)
creates(
    router, "/plan-summaries", id="write_summary", summary=_("写年终总结"), form=SummaryForm, act=making(actions.summarise), show=summary_shown, out=SummaryOut,
    permission=make_plans, about=CLAUSE,
)  # fmt: skip
