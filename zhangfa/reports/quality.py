"""RPT-01: a week's quality of a department's outlets: orders, revenue, accidents and complaints, revisits, problems raised (HS-W1.2, HS-W1.3)."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum

from zhangfa.claims.models import Case
from zhangfa.core import clock
from zhangfa.orders.models import Order, Revisit
from zhangfa.organisation.models import Unit
from zhangfa.policy import queries as policy
from zhangfa.tasks.models import Problem
from zhangfa.ui.words import text

KIND, FORM = "RPT-01", "ZLB"
REVISIT_DAYS = "revisit.after_service_days"
WEEK = dt.timedelta(days=7)
COUNTS = ("orders", "before", "accidents", "complaints", "due", "done", "raised", "solved", "open")


def draw(department: Unit, monday: dt.date, at: dt.datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    """The figures of the week, Monday to Sunday, with the company's figure behind them; the same week gives the same ones.

    Money as text in yuan; every outlet of the department has a row, without orders too.
    """
    start, end = clock.day_start(monday), clock.day_start(monday + WEEK)
    outlets = Unit.objects.filter(department=department, kind=Unit.Kind.OUTLET)
    rows = {
        unit.pk: {
            "unit_id": unit.pk,
            "unit": unit.name,
            "unit_en": unit.name_en,
            "revenue": Decimal(0),
            **dict.fromkeys(COUNTS, 0),
        }
        for unit in outlets.order_by("code")
    }
    closed = {unit.pk for unit in outlets if not unit.is_active}
    for key, found in _found(department, start, end).items():
        rows.setdefault(key, {}).update(found)
    table = [
        row for key, row in rows.items() if "unit" in row and (key not in closed or any(row[name] for name in COUNTS))
    ]
    total: dict[str, Any] = {name: sum(row[name] for row in table) for name in (*COUNTS, "revenue")}
    figures = {
        "first_on": monday.isoformat(), "last_on": (monday + WEEK - dt.timedelta(days=1)).isoformat(), "department_id": department.pk,
        "department": department.name, "department_en": department.name_en, "rows": [_plain(row) for row in table], "total": _plain(total),
        "problems": _problems(department, start, end),
    }  # fmt: skip
    keys = [key for key in (REVISIT_DAYS,) if key in policy.definitions()]
    return figures, {key: figure.as_json() for key, figure in policy.figures(keys, at).items()}


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "revenue": f"{Decimal(row['revenue']):.2f}"}


def _found(department: Unit, start: dt.datetime, end: dt.datetime) -> dict[int, dict[str, Any]]:
    """What each source says by outlet; one statement each, whatever the number of outlets."""
    served = Order.objects.filter(department=department, status=Order.Status.FINISHED)
    week = served.filter(served_from__gte=start, served_from__lt=end).order_by().values("outlet")
    before = served.filter(served_from__gte=start - WEEK, served_from__lt=start).order_by().values("outlet")
    cases = Case.objects.exclude(status=Case.Status.VOID).filter(
        department=department, reported_at__gte=start, reported_at__lt=end
    )
    due = Revisit.objects.filter(department=department, due_at__gte=start, due_at__lt=end).order_by().values("outlet")
    raised = Q(raised_at__gte=start, raised_at__lt=end)
    closed = Q(closed_at__gte=start, closed_at__lt=end)
    still = Q(closed_at=None) | Q(closed_at__gte=end)
    problems = Problem.objects.filter(department=department, raised_at__lt=end).order_by().values("outlet")
    kinds = {
        "accidents": Count("pk", filter=Q(kind="accident")),
        "complaints": Count("pk", filter=Q(kind="complaint")),
    }
    counts = {
        "raised": Count("pk", filter=raised),
        "solved": Count("pk", filter=closed),
        "open": Count("pk", filter=still),
    }
    found: dict[int, dict[str, Any]] = {}
    sources: tuple[Any, ...] = (
        week.annotate(orders=Count("pk"), revenue=Sum("amount")), before.annotate(before=Count("pk")),
        cases.order_by().values(outlet=F("unit")).annotate(**kinds),
        due.annotate(due=Count("pk"), done=Count("pk", filter=Q(done_at__lte=F("due_at")))), problems.annotate(**counts),
    )  # fmt: skip
    for rows in sources:
        for row in rows:
            found.setdefault(row.pop("outlet"), {}).update(row)
    return found


def _problems(department: Unit, start: dt.datetime, end: dt.datetime) -> list[dict[str, Any]]:
    """What the outlets' posts raised in the week, as codes and words: collected by the table itself (HS-W1.2)."""
    rows = Problem.objects.filter(department=department, raised_at__gte=start, raised_at__lt=end).select_related(
        "outlet"
    )
    return [
        {"unit_id": row.outlet_id, "kind": row.kind, "text": row.text[:400], "status": row.status, "answer": row.answer}
        for row in rows.order_by("outlet__code", "pk")[:200]
    ]


def per_thousand(part: int, orders: int) -> Decimal | None:
    """Cases per 1,000 orders with two decimals; None without orders."""
    return (Decimal(part) * 1000 / orders).quantize(Decimal("0.01"), ROUND_HALF_UP) if orders else None


def shares(rows: list[dict[str, Any]]) -> list[Decimal]:
    """Each outlet's part of the department's orders in percent with one decimal; together they are 100.0."""
    whole = sum(int(row["orders"]) for row in rows)
    if not whole:
        return [Decimal("0.0") for _row in rows]
    tenths = [int(row["orders"]) * 1000 // whole for row in rows]
    rests = sorted(range(len(rows)), key=lambda n: (-(int(rows[n]["orders"]) * 1000 % whole), n))
    for n in rests[: 1000 - sum(tenths)]:
        tenths[n] += 1
    return [(Decimal(value) / 10).quantize(Decimal("0.1")) for value in tenths]


def lines_of(figures: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows with their rates and shares, as pages, prints and spreadsheets show them."""
    rows = figures["rows"]
    return [
        {
            **row, "revenue": Decimal(row["revenue"]), "share": share, "accident_rate": per_thousand(row["accidents"], row["orders"]),
            "complaint_rate": per_thousand(row["complaints"], row["orders"]), "revisit_rate": _rate(row["done"], row["due"]),
        }
        for row, share in zip(rows, shares(rows), strict=True)
    ]  # fmt: skip


def total_of(figures: dict[str, Any]) -> dict[str, Any]:
    total = figures["total"]
    return {
        **total, "revenue": Decimal(total["revenue"]), "accident_rate": per_thousand(total["accidents"], total["orders"]),
        "complaint_rate": per_thousand(total["complaints"], total["orders"]), "revisit_rate": _rate(total["done"], total["due"]),
    }  # fmt: skip


def _rate(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else None


def problems_said(figures: dict[str, Any]) -> list[dict[str, Any]]:
    """Stored codes in the reader's words."""
    kinds, states = dict(Problem.Kind.choices), dict(Problem.Status.choices)
    names = {row["unit_id"]: row["unit"] for row in figures["rows"]}
    return [
        {
            **row,
            "unit": names.get(row["unit_id"], ""),
            "kind": text(kinds.get(row["kind"], row["kind"])),
            "status": text(states.get(row["status"], row["status"])),
        }
        for row in figures["problems"]
    ]
