"""What the pack needs to know of customers beside their orders, as it stood at the end of the period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Max, Q

from zhangfa.care.account_rules import KINDS
from zhangfa.care.models import Visit
from zhangfa.care.totals import beyond_paid
from zhangfa.claims.models import Case
from zhangfa.core import clock
from zhangfa.core.money import to_fen
from zhangfa.customers.models import AdverseRecord, Customer
from zhangfa.orders.models import Series
from zhangfa.policy.queries import figures
from zhangfa.reports.rules import Limits

DAY, INSTANT = dt.timedelta(days=1), dt.timedelta(microseconds=1)
CHUNK = 500
KEYS = {
    "share": "customers.top_share", "key_amount": "key_account.min_yearly_amount", "loyal_orders": "customers.loyal_orders",
    "satisfaction": "customers.loyal_satisfaction", "years": "customers.long_term_years", "plan_months": "customers.plan_months",
}  # fmt: skip
MIN_SAMPLE = "report.min_sample"
GOOD_LIST, HANDED = "customers.good_list", "customers.good_list_handed"
OPEN = (AdverseRecord.Status.CHECKED, AdverseRecord.Status.EXPIRED)


def limits_at(at: dt.datetime) -> tuple[Limits, dict[str, Any]]:
    """The company's figures of an instant, and how the report keeps them: with version and day."""
    found = figures(tuple(KEYS.values()), at)
    values = {name: found[key].value for name, key in KEYS.items()}
    values["key_amount"] = to_fen(values["key_amount"])
    for name in ("loyal_orders", "satisfaction", "years", "plan_months"):
        values[name] = int(values[name])
    return Limits(**values), {key: figure.as_json() for key, figure in found.items()}


def adverse(until: dt.date) -> list[tuple[int]]:
    """Customers with an adverse record that was checked by then and not over (A-34)."""
    end = clock.day_start(until + dt.timedelta(days=1))
    rows = AdverseRecord.objects.filter(status__in=OPEN, checked_at__lt=end).filter(
        Q(expires_on=None) | Q(expires_on__gt=until)
    )
    return [(key,) for key in sorted(set(rows.values_list("customer_id", flat=True)))]


def contracts(until: dt.date) -> dict[int, int]:
    """What the contracts of enterprises and institutions stand for (fen) beyond what was paid on them (A-21)."""
    found = beyond_paid(clock.day_start(until + DAY) - INSTANT)
    return {customer: to_fen(fee) for customer, fee in found.items()}


def companies_among(customers: Sequence[int]) -> set[int]:
    """Which of these are enterprises or institutions."""
    found: set[int] = set()
    for start in range(0, len(customers), CHUNK):
        rows = Customer.objects.filter(pk__in=customers[start : start + CHUNK], kind__in=KINDS)
        found |= set(rows.order_by().values_list("pk", flat=True))
    return found


def visited(until: dt.date) -> dict[int, dt.date]:
    """When somebody of the house last went to see each customer, or called (CS-W3.2)."""
    end = clock.day_start(until + DAY)
    rows = Visit.objects.filter(arrived_at__lt=end).exclude(status=Visit.Status.CANCELLED)
    last = rows.order_by().values_list("customer_id").annotate(at=Max("arrived_at"))
    return {customer: clock.local_date(at) for customer, at in last}


def cases(since: dt.date, until: dt.date) -> dict[int, tuple[int, int]]:
    """Accidents and complaints of each customer reported in the period."""
    rows = Case.objects.filter(
        reported_at__gte=clock.day_start(since), reported_at__lt=clock.day_start(until + DAY), customer__isnull=False
    ).exclude(status=Case.Status.VOID)
    counted = rows.order_by().values_list("customer_id").annotate(
        accidents=Count("pk", filter=Q(kind=Case.Kind.ACCIDENT)), complaints=Count("pk", filter=Q(kind=Case.Kind.COMPLAINT))
    )  # fmt: skip
    return {customer: (accidents, complaints) for customer, accidents, complaints in counted}


def plans(until: dt.date) -> list[tuple[int, int]]:
    """How many whole months the longest plan in force has run by then."""
    rows = (
        Series.objects.filter(from_on__lte=until)
        .filter(Q(to_on=None) | Q(to_on__gte=until), ~Q(status=Series.Status.ENDED))
        .order_by()
        .values_list("customer_id", "from_on")
    )
    found: dict[int, int] = {}
    for customer, from_on in rows:
        found[customer] = max(found.get(customer, 0), whole_months(from_on, until))
    return sorted(found.items())


def whole_months(since: dt.date, until: dt.date) -> int:
    """Full months from one day to another, the last day included: 1 January to 31 December are twelve."""
    end = until + dt.timedelta(days=1)
    return (end.year - since.year) * 12 + end.month - since.month - (end.day < since.day)
