"""Which classes a customer is in: by the list of top customers; until the first is drawn, counted here (CS-W2.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from decimal import Decimal

from django.db.models import Avg, Count, F, Sum

from zhangfa.core import clock
from zhangfa.core.periods import twelve_months_to
from zhangfa.core.text import _
from zhangfa.customers import segments
from zhangfa.customers.models import Customer, CustomerClass
from zhangfa.orders.models import Order
from zhangfa.policy.queries import value

PREMIUM, KEY, LOYAL, LONG_TERM = "premium", "key", "loyal", "long_term"
LABELS = {PREMIUM: _("优质客户"), KEY: _("大客户"), LOYAL: _("忠诚客户"), LONG_TERM: _("长期客户")}
CARED_FOR = (PREMIUM, LOYAL)


def _counted(at: dt.datetime) -> dict[int, set[str]]:
    """Premium: the top share of active customers by what they paid in twelve months; loyal: orders and satisfaction."""
    since = clock.day_start(twelve_months_to(clock.local_date(at)))
    rows = Order.objects.filter(status=Order.Status.FINISHED, served_from__gte=since, served_from__lt=at)
    sums = list(
        rows.order_by()
        .values("customer_id")
        .annotate(net=Sum(F("paid") - F("refunded")), orders=Count("pk"), score=Avg("satisfaction"))
        .filter(net__gt=0)
        .order_by("-net", "customer_id")
    )
    top = int((len(sums) * Decimal(value("customers.top_share", at)) / 100).to_integral_value(rounding="ROUND_CEILING"))
    least, score = int(value("customers.loyal_orders", at)), value("customers.loyal_satisfaction", at)
    found: dict[int, set[str]] = {}
    for place, row in enumerate(sums):
        classes = {PREMIUM} if place < top else set()
        if row["orders"] >= least and row["score"] is not None and row["score"] >= score:
            classes.add(LOYAL)
        if classes:
            found[row["customer_id"]] = classes
    closed = (
        Customer.objects.filter(pk__in=list(found)).exclude(status=Customer.Status.ACTIVE).values_list("pk", flat=True)
    )
    return {pk: classes for pk, classes in found.items() if pk not in set(closed)}


def listed(at: dt.datetime) -> dict[int, set[str]]:
    """Everybody in a class that is cared for: by the newest list of top customers; counted here until one was drawn."""
    rows = CustomerClass.objects.filter(customer__status=Customer.Status.ACTIVE)
    cared = set(rows.filter(code__in=CARED_FOR).values_list("customer_id", flat=True))
    if not CustomerClass.objects.exists():
        return _counted(at)
    found: dict[int, set[str]] = {}
    for customer, code in rows.values_list("customer_id", "code").iterator(chunk_size=10_000):
        if customer in cared:
            found.setdefault(customer, set()).add(code)
    return found


def classes_of(customers: Collection[int]) -> dict[int, set[str]]:
    """The classes that these customers are in now."""
    return {pk: {row.code for row in rows} for pk, rows in segments.classes_of(customers).items()}


def rules_used(at: dt.datetime) -> dict[str, str]:
    """The figures by which customers were listed, as they are kept with the plan."""
    keys = ("customers.top_share", "customers.loyal_orders", "customers.loyal_satisfaction")
    return {key: str(value(key, at)) for key in keys} | {"day": clock.local_date(at).isoformat()}
