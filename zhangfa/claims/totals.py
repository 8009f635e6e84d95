"""The figures of the two-weekly totals table RPT-13 and of the weekly bundle: sums in SQL, shares and rates beside them (CC-D5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Avg, Count, Q, Sum

from zhangfa.claims.models import Case, Improvement, Settlement
from zhangfa.core import clock
from zhangfa.core.money import ZERO, from_fen
from zhangfa.orders.models import Order
from zhangfa.organisation.models import Unit
from zhangfa.policy.queries import figure, figures

KEYS = ("claims.totals_period_weeks", "claims.totals_anchor")
PAID_STATUSES = ("accepted", "signed", "paid")
MONEY = ("claimed", "loss", "settled", "settled_complaints", "recovered")
COUNTS = ("accidents", "complaints", "open", "closed", "settlements", "orders")


def figures_used(at: dt.datetime) -> dict[str, Any]:
    """The policy values behind the period, as the publication keeps them."""
    return {f.key: f.as_json() for f in figures(KEYS, at).values()}


def period_at(day: dt.date, at: dt.datetime) -> tuple[dt.date, dt.date]:
    """The fortnight in which the day lies."""
    from zhangfa.claims.complaint_rules import fortnight_of

    return fortnight_of(
        day, figure("claims.totals_anchor", at).value, int(figure("claims.totals_period_weeks", at).value)
    )


def draw(from_on: dt.date, to_on: dt.date) -> dict[str, Any]:
    """RPT-13 for the days given, both included: per department and outlet, by cause and by promise, with the year to date.

    Money as text with two decimals; rates per 1,000 orders with two. The same period gives the same figures.
    """
    start, end = clock.day_start(from_on), clock.day_start(to_on + dt.timedelta(days=1))
    year = clock.day_start(dt.date(to_on.year, 1, 1))
    rows = _rows(start, end)
    to_date = _settled(year, end)
    units = {u.pk: u for u in Unit.objects.filter(pk__in=set(rows) | set(to_date)).select_related("department")}
    table = []
    for pk, unit in sorted(units.items(), key=lambda pair: (str(pair[1].department or ""), pair[1].code)):
        row = rows.get(pk, _empty())
        table.append(
            {
                "unit_id": pk, "unit": unit.name, "unit_en": unit.name_en, "department": unit.department.name if unit.department else "",
                "department_en": unit.department.name_en if unit.department else "", **_plain(row),
                "year_to_date": str(to_date.get(pk, {}).get("settled", ZERO) + to_date.get(pk, {}).get("settled_complaints", ZERO)),
            }
        )  # fmt: skip
    return {
        "from_on": from_on.isoformat(), "to_on": to_on.isoformat(), "rows": table, "total": _plain(_sum(rows.values())),
        "year_to_date": str(sum((r["settled"] + r["settled_complaints"] for r in to_date.values()), ZERO)),
        "by_cause": _by(start, end, "case__survey__cause"), "by_promise": _by(start, end, "case__guarantee"),
    }  # fmt: skip


def _empty() -> dict[str, Any]:
    return dict.fromkeys(COUNTS, 0) | dict.fromkeys(MONEY, ZERO) | {"satisfaction": None, "days": None}


def _rows(start: dt.datetime, end: dt.datetime) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    reported = (
        Case.objects.exclude(status=Case.Status.VOID)
        .filter(reported_at__gte=start, reported_at__lt=end)
        .order_by()
        .values("unit")
    )
    for row in reported.annotate(
        accidents=Count("pk", filter=Q(kind="accident")), complaints=Count("pk", filter=Q(kind="complaint")),
        closed=Count("pk", filter=Q(closed_at__lt=end)), everything=Count("pk"), satisfaction=Avg("satisfaction"),
        claimed=Sum("survey__claimed_amount"), loss=Sum("assessed_loss"),
    ):  # fmt: skip
        unit = found.setdefault(row["unit"], _empty())
        unit.update(
            accidents=row["accidents"], complaints=row["complaints"], closed=row["closed"], open=row["everything"] - row["closed"],
            satisfaction=row["satisfaction"], claimed=money(row["claimed"]), loss=money(row["loss"]),
        )  # fmt: skip
    for pk, sums in _settled(start, end).items():
        found.setdefault(pk, _empty()).update(sums)
    orders = (
        Order.objects.filter(outlet_id__in=found, served_from__gte=start, served_from__lt=end)
        .order_by()
        .values("outlet")
    )
    for row in orders.annotate(n=Count("pk")):
        found[row["outlet"]]["orders"] = row["n"]
    return found


def _settled(start: dt.datetime, end: dt.datetime) -> dict[int, dict[str, Any]]:
    """What was settled per unit: acceptances of the period, complaints apart, outlet-settled ones included."""
    rows = (
        Settlement.objects.filter(status__in=PAID_STATUSES, accepted_at__gte=start, accepted_at__lt=end)
        .order_by()
        .values("case__unit")
    )
    found = {}
    for row in rows.annotate(
        n=Count("pk"), accidents=Sum("approved_total", filter=Q(case__kind="accident")),
        complaints=Sum("approved_total", filter=Q(case__kind="complaint")), recovered=Sum("insurer_paid"),
    ):  # fmt: skip
        found[row["case__unit"]] = {
            "settlements": row["n"], "settled": money(row["accidents"]), "settled_complaints": money(row["complaints"]),
            "recovered": money(row["recovered"]),
        }  # fmt: skip
    return found


def _by(start: dt.datetime, end: dt.datetime, field: str) -> list[dict[str, Any]]:
    rows = Settlement.objects.filter(
        status__in=PAID_STATUSES, accepted_at__gte=start, accepted_at__lt=end, case__kind=Case.Kind.ACCIDENT
    )
    grouped = rows.order_by(field).values(field).annotate(n=Count("pk"), amount=Sum("approved_total"))
    return [{"code": row[field] or "", "count": row["n"], "amount": str(money(row["amount"]))} for row in grouped]


def money(value: Any) -> Decimal:
    """A sum as the engine returns it: MoneyField sums come back as Decimal, a bare integer is fen."""
    if value is None:
        return ZERO
    return value if isinstance(value, Decimal) else from_fen(int(value))


def _sum(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    total = _empty()
    for row in rows:
        for name in (*COUNTS, *MONEY):
            total[name] += row[name]
    return total


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    per_thousand = None
    if row["orders"]:
        per_thousand = str((Decimal(row["accidents"] * 1000) / row["orders"]).quantize(Decimal("0.01"), ROUND_HALF_UP))
    satisfaction = (
        None
        if row["satisfaction"] is None
        else str(Decimal(str(row["satisfaction"])).quantize(Decimal("0.1"), ROUND_HALF_UP))
    )
    money = {name: str(row[name]) for name in MONEY} | {
        "net": str(row["settled"] + row["settled_complaints"] - row["recovered"])
    }
    return {name: row[name] for name in COUNTS} | money | {"per_thousand": per_thousand, "satisfaction": satisfaction}


def improvements(week_on: dt.date) -> list[dict[str, Any]]:
    """The week's improvements by category, cause and unit; nobody is named (CC-D3)."""
    rows = Improvement.objects.filter(week_on=week_on).select_related("case__record", "case__unit").order_by("case_id")
    return [
        {
            "number": row.case.record.number,
            "unit": row.case.unit.name,
            "category": row.category,
            "cause": row.cause,
            "measure": row.measure,
        }
        for row in rows
    ]
