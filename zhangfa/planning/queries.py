"""Plans as people ask about them: what waits, how departments stand, a year in figures (AM-D5)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Grade, Seat, Unit
from zhangfa.planning import rules
from zhangfa.planning.models import Item as PlanItem
from zhangfa.planning.models import Level, Plan, Rhythm, Summary
from zhangfa.records.models import Record
from zhangfa.ui.registry import LIMIT, Item, Result
from zhangfa.ui.words import text

S = Plan.Status
LADDER = 12


def title_of(plan: Plan) -> str:
    """家庭服务中心 2026-03 月度计划"""
    return gettext("%(whose)s %(period)s %(rhythm)s计划") % {
        "whose": plan.whose, "period": plan.period, "rhythm": plan.get_rhythm_display(),
    }  # fmt: skip


def todo_items(actor: Actor, at: dt.datetime) -> list[Item]:
    """Plans to mend, plans of those directly below to review, items whose day has come; three statements."""
    if actor.person_id is None:
        return []
    joins = ("record", "unit", "person")
    mine = Plan.objects.filter(person_id=actor.person_id, status=S.RETURNED).select_related(*joins)
    found = [_item(plan, _("计划退回修改")) for plan in mine.order_by("pk")[:LIMIT]]
    seats = [seat.id for seat in actor.seats]
    below = Seat.objects.filter(reports_to_id__in=seats, is_active=True).values("pk")
    waiting = Plan.objects.filter(seat_id__in=below, status=S.SUBMITTED).exclude(person_id=actor.person_id)
    found += [_item(plan, _("审核计划")) for plan in waiting.select_related(*joins).order_by("pk")[:LIMIT]]
    today = clock.local_date(at)
    items = PlanItem.objects.filter(
        owner_id=actor.person_id, due_on__lte=today + dt.timedelta(days=3), pct__lt=rules.WHOLE, plan__status=S.APPROVED
    ).select_related("plan__record")
    return found + [
        Item(
            row.title, row.plan.get_absolute_url() + f"#item-{row.pk}", row.plan.record.number or "",
            clock.day_start(row.due_on + dt.timedelta(days=1)), note=_("计划事项"), tone="red" if row.due_on < today else "",
        )
        for row in items.order_by("due_on", "pk")[:LIMIT]
    ]  # fmt: skip


def _item(plan: Plan, note: Any) -> Item:
    return Item(
        title_of(plan),
        plan.get_absolute_url(),
        plan.record.number or "",
        None,
        note=note,
        holder=plan.person.shown_name,
    )


def search(actor: Actor, q: str, at: dt.datetime) -> list[Result]:
    rows = Plan.objects.visible_to(actor).search(q).select_related("record", "unit", "person").order_by("-pk")[:LIMIT]
    return [
        Result(title_of(plan), plan.get_absolute_url(), plan.record.number or "", text(plan.get_status_display()))
        for plan in rows
    ]


def parents_for(actor: Actor, at: dt.datetime) -> list[tuple[str, str]]:
    """The running plans that a new one may hang on: the company's, those of one's own departments, one's own."""
    today = clock.local_date(at)
    rows = Plan.objects.visible_to(actor).filter(status=S.APPROVED, to_on__gte=today)
    departments = {seat.department_id or seat.unit_id for seat in actor.seats}
    theirs = Q(level=Level.DEPARTMENT, unit_id__in=departments)
    own = Q(level=Level.PERSON, person_id=actor.person_id or 0)
    rows = rows.filter(Q(level=Level.COMPANY) | theirs | own)
    return [
        (str(plan.pk), title_of(plan))
        for plan in rows.select_related("unit", "person").order_by("level", "from_on", "pk")[:50]
    ]


def lines_of(plan: Plan, at: dt.datetime) -> list[dict[str, Any]]:
    """Each item with what it hangs on, how many hang on it, its variance, and whether its day has passed."""
    today = clock.local_date(at)
    rows = list(plan.items.select_related("owner", "parent__plan__record").order_by("n"))
    below: dict[int, list[Any]] = {}
    children = PlanItem.objects.filter(parent__in=rows).exclude(plan__status=S.WITHDRAWN)
    for child in children.select_related("plan__unit", "plan__person", "plan__record", "owner").order_by("pk"):
        below.setdefault(child.parent_id or 0, []).append(child)
    return [
        {"item": row, "variance": row.variance, "is_late": row.is_late(today), "below": below.get(row.pk, [])}
        for row in rows
    ]


def departments() -> list[Unit]:
    return list(Unit.objects.filter(kind=Unit.Kind.DEPARTMENT, is_active=True).order_by("code"))


def departments_in(rhythm: str, period: str) -> list[tuple[Unit, Plan | None]]:
    """Every department with its plan of the period, or none; two statements."""
    plans = Plan.objects.standing().filter(level=Level.DEPARTMENT, rhythm=rhythm, period=period)
    found = {plan.unit_id: plan for plan in plans.exclude(status=S.DRAFT).select_related("record", "person", "unit")}
    return [(unit, found.get(unit.pk)) for unit in departments()]


def summaries_in(year: int) -> list[tuple[Unit, Summary | None]]:
    rows = Summary.objects.filter(level=Level.DEPARTMENT, year=year).select_related("record", "person")
    found = {row.unit_id: row for row in rows}
    return [(unit, found.get(unit.pk)) for unit in departments()]


def personal_summaries(year: int) -> dict[int | None, int]:
    """How many people of each department have written their own summary of the year (AM-D5)."""
    rows = Summary.objects.filter(level=Level.PERSON, year=year).order_by().values_list("department_id")
    return dict(rows.annotate(Count("pk")))


def year_figures(level: str, year: int, unit: Unit, person_id: int | None) -> dict[str, Any]:
    """The year's plans as they stand: each with its items, and the mean of all."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    rows = Plan.objects.filter(
        level=level, from_on__gte=first, to_on__lte=last + dt.timedelta(days=6), status__in=(S.APPROVED, S.CLOSED)
    )
    rows = rows.filter(person_id=person_id) if level == Level.PERSON else rows.filter(unit=unit)
    plans = list(rows.select_related("record").prefetch_related("items").order_by("from_on", "rhythm"))
    lines = [
        {
            "number": plan.record.number, "rhythm": plan.rhythm, "period": plan.period, "pct": str(plan.pct), "items": len(plan.items.all()),
            "done": sum(item.pct >= rules.WHOLE for item in plan.items.all()), "result": plan.result,
        }
        for plan in plans
    ]  # fmt: skip
    mean = rules.mean(plan.pct for plan in plans)
    return {"plans": lines, "pct": "" if mean is None else str(mean), "count": len(lines)}


def output_targets(unit: Unit, first: dt.date, last: dt.date) -> dict[int, Decimal]:
    """The output target of these days in yuan, by unit: of the company and its departments, or of a department and its outlets (U02).

    An outlet's target stands in the plan of whoever heads it; what nobody agreed to is no target.
    """
    rows = PlanItem.objects.filter(
        is_output=True,
        target__isnull=False,
        plan__status__in=(S.APPROVED, S.CLOSED),
        plan__from_on__lte=last,
        plan__to_on__gte=first,
    )
    if unit.kind == Unit.Kind.DEPARTMENT:
        outlets = Q(
            plan__level=Level.PERSON, plan__unit__kind=Unit.Kind.OUTLET, plan__seat__post__grade__gte=Grade.LINE_MANAGER
        )
        rows = rows.filter(Q(plan__level=Level.DEPARTMENT) | outlets, plan__department_id=unit.pk)
    else:
        rows = rows.filter(plan__level__in=(Level.COMPANY, Level.DEPARTMENT))
    found: dict[int, list[tuple[dt.date, dt.date, Decimal, str]]] = {}
    for key, *facts in rows.values_list("plan__unit_id", "plan__from_on", "plan__to_on", "target", "unit"):
        found.setdefault(key, []).append((facts[0], facts[1], facts[2], facts[3]))
    within = {key: rules.output_within(first, last, targets) for key, targets in found.items()}
    return {key: amount for key, amount in within.items() if amount is not None}


def is_visible(actor: Actor, record: Record) -> bool:
    return bool(Plan.objects.visible_to(actor).filter(pk=record.pk).exists())


def is_summary_visible(actor: Actor, record: Record) -> bool:
    return bool(Summary.objects.visible_to(actor).filter(pk=record.pk).exists())


def content(record: Record) -> dict[str, Any]:
    plan = Plan.objects.get(pk=record.pk)
    items = plan.items.order_by("n").values_list("n", "title", "standard", "target", "due_on")
    return {"period": plan.period, "items": [[str(value) for value in row] for row in items]}


def summary_content(record: Record) -> dict[str, Any]:
    summary = Summary.objects.get(pk=record.pk)
    return {"year": summary.year, "text": summary.text, "next": summary.next_plan, "figures": summary.figures}


def rhythm_words(rhythm: str) -> Any:
    return Rhythm(rhythm).label
