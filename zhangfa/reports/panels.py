"""What the reports say on others' pages: care instructions beside an order, the revenue share of a month's care (CS-W2.2, CS-W3.1)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Sum

from zhangfa.care.models import CarePlan, MonthPlan
from zhangfa.core import clock
from zhangfa.core.money import ZERO
from zhangfa.customers.segments import classes_of
from zhangfa.records.models import Publication
from zhangfa.reports import rollup
from zhangfa.reports.models import MonthSum, Use
from zhangfa.reports.rules import month_back, month_of, named

# The months before the plan, its own, and those after, in which care shows.
AROUND = (3, 2, 1, 0, -1, -2)
TENTH = Decimal("0.1")


def care_part(page: Any, order: Any) -> tuple[str, dict[str, Any]]:
    classes = classes_of([order.customer_id]).get(order.customer_id, [])
    words = ""
    if classes:
        paper = Publication.objects.filter(kind="RPT-09").order_by("-period", "-revision").first()
        words = str(paper.figures.get("instructions", "")) if paper else ""
    return "reports/parts/care.html", {"classes": classes, "instructions": words}


def share_part(page: Any, plan: MonthPlan) -> tuple[str, dict[str, Any]]:
    """What the customers of the month's care brought of all revenue: before, in the month and after it; visited ones apart."""
    lines = CarePlan.objects.filter(month=plan).exclude(status=CarePlan.Status.DROPPED)
    now = month_of(clock.local_date(page.at))
    months = [month for back in AROUND if (month := month_back(month_of(plan.month_on), back)) <= now]
    whole = dict(
        MonthSum.objects.filter(month__in=months, department_id=rollup.WHOLE, product_id="").values_list(
            "month", "amount"
        )
    )
    planned, visited = _paid(lines, months), _paid(lines.filter(status=CarePlan.Status.VISITED), months)
    rows = [
        {
            "month": named(month), "whole": whole.get(month, ZERO), "planned": planned.get(month, ZERO), "visited": visited.get(month, ZERO),
            "share": share(planned.get(month, ZERO), whole.get(month, ZERO)), "is_own": month == month_of(plan.month_on),
            "visited_share": share(visited.get(month, ZERO), whole.get(month, ZERO)),
        }
        for month in months
    ]  # fmt: skip
    return "reports/parts/share.html", {"rows": rows}


def _paid(lines: Any, months: list[int]) -> dict[int, Any]:
    rows = Use.objects.filter(month__in=months, customer_id__in=lines.order_by().values("customer_id")).order_by()
    return dict(rows.values("month").annotate(paid=Sum("amount")).values_list("month", "paid"))


def share(part: Any, whole: Any) -> Any:
    """Percent of the whole, or nothing where there is no whole."""
    return (100 * part / whole).quantize(TENTH) if whole > ZERO else None
