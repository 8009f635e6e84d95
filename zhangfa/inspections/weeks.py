"""F09, RPT-23: a week's results per department with praise, criticism and orders (AM-W3)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Q, Sum

from zhangfa.core import clock
from zhangfa.inspections.models import Answer, Problem, Remark, Sheet
from zhangfa.inspections.queries import COUNTED
from zhangfa.inspections.rules import WEEK, share
from zhangfa.organisation.models import Unit

GAPS = 2


def _rates(week_on: dt.date) -> dict[int | None, dict[str, int]]:
    rows = Sheet.objects.filter(status__in=COUNTED, checked_on__gte=week_on, checked_on__lt=week_on + WEEK).order_by()
    counted = rows.values("department_id").annotate(
        people=Count("person_id", distinct=True), right=Sum("correct"), all=Sum("asked")
    )
    return {row["department_id"]: row for row in counted}


def _gaps(week_on: dt.date) -> dict[int | None, list[str]]:
    """Which rules were answered worst in each department."""
    rows = Answer.objects.filter(
        sheet__status__in=COUNTED, sheet__checked_on__gte=week_on, sheet__checked_on__lt=week_on + WEEK
    )
    rows = (
        rows.filter(verdict__in=("wrong", "partly"))
        .order_by()
        .values("sheet__department_id", "source", "clause")
        .annotate(n=Count("pk"))
    )
    found: dict[int | None, list[str]] = {}
    for row in sorted(rows, key=lambda row: (-row["n"], row["clause"])):
        gaps = found.setdefault(row["sheet__department_id"], [])
        if len(gaps) < GAPS:
            gaps.append(f"{row['source']} {row['clause']}")
    return found


def orders(week_on: dt.date) -> Any:
    """Orders given in the week."""
    since, until = clock.day_start(week_on), clock.day_start(week_on + WEEK)
    return (
        Problem.objects.filter(ordered_at__gte=since, ordered_at__lt=until)
        .select_related("unit", "owner")
        .order_by("pk")
    )


def closing(week_on: dt.date) -> dict[str, int]:
    """How many of the week's orders are closed by now."""
    counted: dict[str, int] = (
        orders(week_on).order_by().aggregate(all=Count("pk"), closed=Count("pk", filter=Q(status="closed")))
    )
    return counted


def draw(week_on: dt.date) -> dict[str, Any]:
    """The table as it stands: eight reads whatever the size. Rates in tenths of a percent."""
    now, before, gaps, last = _rates(week_on), _rates(week_on - WEEK), _gaps(week_on), closing(week_on - WEEK)
    rows = []
    for unit in Unit.objects.filter(kind=Unit.Kind.DEPARTMENT, is_active=True).order_by("code"):
        mine, past = now.get(unit.pk), before.get(unit.pk)
        rate = share(mine["right"], mine["all"]) if mine else None
        previous = share(past["right"], past["all"]) if past else None
        rows.append(
            {
                "department": unit.pk, "name": unit.name, "name_en": unit.name_en, "people": mine["people"] if mine else 0, "rate": rate,
                "last_rate": previous, "trend": None if rate is None or previous is None else rate - previous, "gaps": gaps.get(unit.pk, []),
            }
        )  # fmt: skip
    remarks = Remark.objects.filter(week_on=week_on).select_related("unit", "sheet__person").order_by("pk")
    return {
        "week_on": week_on.isoformat(), "rows": rows,
        "remarks": [
            {
                "pk": row.pk, "kind": row.kind, "unit": row.unit.name, "reason": row.reason, "ground": row.ground,
                "person": row.sheet.person.name if row.sheet else "",
            }
            for row in remarks
        ],
        "orders": [
            {
                "number": row.number, "unit": row.unit.name, "issue": row.issue, "measure": row.measure, "urgency": row.urgency,
                "owner": row.owner.name, "due_on": row.due_on.isoformat(), "status": row.status,
            }
            for row in orders(week_on)
        ],
        "last_orders": last["all"], "last_closed": last["closed"], "closing_rate": share(last["closed"], last["all"]),
    }  # fmt: skip
