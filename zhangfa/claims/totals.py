"""The figures of the two-weekly totals table RPT-13 and of the weekly bundle: sums in SQL, shares and rates beside them (CC-D5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, Sum

from zhangfa.claims.complaint_rules import fortnight_of
from zhangfa.claims.models import Case, Improvement, Settlement
from zhangfa.core import clock
from zhangfa.core.money import ZERO, from_fen
from zhangfa.orders.models import Order
from zhangfa.organisation.models import Unit
from zhangfa.policy.queries import figure, figures

KEYS = ("claims.totals_period_weeks", "claims.totals_anchor")
PAID_STATUSES = ("accepted", "signed", "paid")
# What belongs to complaints stands apart from what belongs to accidents in every column.
MONEY = ("claimed", "loss", "settled", "recovered", "claimed_complaints", "settled_complaints")
COUNTS = ("accidents", "open", "closed", "complaints", "open_complaints", "closed_complaints", "settlements", "orders")
ACCIDENT, COMPLAINT = Q(kind=Case.Kind.ACCIDENT), Q(kind=Case.Kind.COMPLAINT)
LENGTH = ExpressionWrapper(F("closed_at") - F("reported_at"), output_field=DurationField())
DAY = dt.timedelta(days=1)


def figures_used(at: dt.datetime) -> dict[str, Any]:
    """The policy values behind the period, as the publication keeps them."""
    return {f.key: f.as_json() for f in figures(KEYS, at).values()}


def period_at(day: dt.date, at: dt.datetime) -> tuple[dt.date, dt.date]:
    """The fortnight in which the day lies."""
    return fortnight_of(
        day, figure("claims.totals_anchor", at).value, int(figure("claims.totals_period_weeks", at).value)
    )


def draw(from_on: dt.date, to_on: dt.date) -> dict[str, Any]:
    """RPT-13 for the days given, both included: per department and outlet, by cause and by promise, with the year to date.

    Money as text with two decimals; rates per 1,000 orders with two. The same period gives the same figures.
    """
    start, end = clock.day_start(from_on), clock.day_start(to_on + DAY)
    rows = _rows(start, end)
    year = _settled(clock.day_start(dt.date(to_on.year, 1, 1)), end)
    before = _settled(start - (end - start), start)
    units = Unit.objects.filter(pk__in=set(rows) | set(year)).select_related("department")
    table = []
    for unit in sorted(units, key=lambda unit: (unit.department.code if unit.department else "", unit.code)):
        where = unit.department or unit
        table.append(
            {
                "unit_id": unit.pk, "unit": unit.name, "unit_en": unit.name_en, "department": where.name, "department_en": where.name_en,
                **_plain(rows.get(unit.pk, _empty())), **_year(year.get(unit.pk)),
            }
        )  # fmt: skip
    settled = Settlement.objects.filter(status__in=PAID_STATUSES, accepted_at__gte=start, accepted_at__lt=end)
    accidents = settled.filter(case__kind=Case.Kind.ACCIDENT)
    return {
        "from_on": from_on.isoformat(), "to_on": to_on.isoformat(), "rows": table,
        "total": _plain(_sum(rows.values())) | _year(_sum(year.values())), "before": _plain(_sum(before.values())),
        "by_cause": _by(accidents, "case__survey__cause"), "by_promise": _by(accidents, "case__guarantee"),
        "by_category": _by(settled.filter(case__kind=Case.Kind.COMPLAINT), "case__complaint_form__category"),
    }  # fmt: skip


def _empty() -> dict[str, Any]:
    averages = {"rated": 0, "score": ZERO, "length": dt.timedelta()}
    return dict.fromkeys(COUNTS, 0) | dict.fromkeys(MONEY, ZERO) | averages


def _rows(start: dt.datetime, end: dt.datetime) -> dict[int, dict[str, Any]]:
    """Per unit: what was reported in the period, what was settled in it, and the orders that were served in it."""
    found: dict[int, dict[str, Any]] = {}
    reported = Case.objects.exclude(status=Case.Status.VOID).filter(reported_at__gte=start, reported_at__lt=end)
    done = Q(closed_at__lt=end)
    for row in reported.order_by().values("unit").annotate(
        accidents=Count("pk", filter=ACCIDENT), closed=Count("pk", filter=ACCIDENT & done),
        complaints=Count("pk", filter=COMPLAINT), closed_complaints=Count("pk", filter=COMPLAINT & done),
        claimed=Sum("survey__claimed_amount"), claimed_complaints=Sum("estimate", filter=COMPLAINT), loss=Sum("assessed_loss", filter=ACCIDENT),
        rated=Count("satisfaction"), score=Sum("satisfaction"), length=Sum(LENGTH, filter=done),
    ):  # fmt: skip
        found[row["unit"]] = _empty() | {
            "accidents": row["accidents"], "closed": row["closed"], "open": row["accidents"] - row["closed"],
            "complaints": row["complaints"], "closed_complaints": row["closed_complaints"],
            "open_complaints": row["complaints"] - row["closed_complaints"],
            **{name: money(row[name]) for name in ("claimed", "claimed_complaints", "loss")},
            "rated": row["rated"], "score": Decimal(row["score"] or 0), "length": row["length"] or dt.timedelta(),
        }  # fmt: skip
    for pk, sums in _settled(start, end).items():
        found[pk] = found.get(pk, _empty()) | {
            name: sums[name] for name in ("settlements", "settled", "settled_complaints", "recovered")
        }
    # Every outlet that worked is counted, so that the company's rate stands on all of its orders.
    served = Order.objects.filter(status=Order.Status.FINISHED, served_from__gte=start, served_from__lt=end).order_by()
    for outlet, count in served.values_list("outlet").annotate(n=Count("pk")):
        found.setdefault(outlet, _empty())["orders"] = count
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
        found[row["case__unit"]] = _empty() | {
            "settlements": row["n"], "settled": money(row["accidents"]), "settled_complaints": money(row["complaints"]),
            "recovered": money(row["recovered"]),
        }  # fmt: skip
    return found


def _by(rows: Any, field: str) -> list[dict[str, Any]]:
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
        for name in total:
            total[name] += row[name]
    return total


def _year(row: dict[str, Any] | None) -> dict[str, Any]:
    row = row or _empty()
    return {"year_settled": str(row["settled"]), "year_complaints": str(row["settled_complaints"])}


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row as it is frozen: counts, money as text, and what is reckoned from them."""
    closed = row["closed"] + row["closed_complaints"]
    days = Decimal(row["length"] // dt.timedelta(seconds=1)) / 86400
    return {name: row[name] for name in COUNTS} | {name: str(row[name]) for name in MONEY} | {
        "net": str(row["settled"] + row["settled_complaints"] - row["recovered"]),
        "per_thousand": ratio(row["accidents"] * 1000, row["orders"], "0.01"),
        "days": ratio(days, closed, "0.1"), "satisfaction": ratio(row["score"], row["rated"], "0.1"),
    }  # fmt: skip


def ratio(upper: Decimal | int, lower: int, step: str) -> str | None:
    """A quotient rounded half-up once; None where there is nothing to divide by."""
    return str((Decimal(upper) / lower).quantize(Decimal(step), ROUND_HALF_UP)) if lower else None


def improvements(week_on: dt.date) -> list[dict[str, Any]]:
    """The week's improvements by category, cause and unit; nobody is named (CC-D3)."""
    rows = Improvement.objects.filter(week_on=week_on).select_related(
        "case__record", "case__unit", "case__customer", "case__worker", "case__handler"
    )
    return [
        {
            "number": row.case.record.number, "unit": row.case.unit.name, "unit_en": row.case.unit.name_en, "category": row.category,
            "cause": row.cause, "measure": nameless(row.measure, row.case),
        }
        for row in rows.order_by("case_id")
    ]  # fmt: skip


def nameless(words: str, case: Case) -> str:
    """A text without the names of those whom the case concerns."""
    names = {case.reporter, *(person.name for person in (case.customer, case.worker, case.handler) if person)}
    # The longest first: a short name may stand inside a longer one.
    for name in sorted(names, key=lambda name: (-len(name), name)):
        if len(name) > 1:
            words = words.replace(name, "***")
    return words
