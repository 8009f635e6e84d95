"""What the newest list says becomes the customers' classes, chunk by chunk, each change with its cause (CS-W2.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Sum

from zhangfa.customers.actions import Verdict, classify
from zhangfa.customers.models import CustomerClass
from zhangfa.customers.segments import classes_of
from zhangfa.reports import facts
from zhangfa.reports.models import Draw, Listed, Use
from zhangfa.reports.rules import MONTHS, cause_of, last_of, month_back, named

CHUNK = 500
CODES = CustomerClass.Code.values
Facts = dict[str, dict[str, Any]]


def settle_classes(draw: Draw, *, at: dt.datetime) -> int:
    """Give each customer the classes of this list; begun again it goes on where it was. Returns the number of changes."""
    month = int(draw.period.replace("-", ""))
    limits, count = _limits(draw), 0
    for rows in _listed(draw):
        held = _held([row.customer_id for row in rows], month)
        standing = classes_of([row.customer_id for row in rows])
        verdicts = []
        for row in rows:
            told = _facts(row, draw, limits)
            state = {
                "orders": row.orders,
                "adverse": row.has_adverse,
                "unpaid": row.is_unpaid,
                "was_held": row.customer_id in held,
            }
            mine = {code: told[code] for code in row.codes}
            verdicts.append(_verdict(row.customer_id, mine, standing, told, state))
        count += len(classify(verdicts, period=draw.period, as_of_on=last_of(month), at=at))
    for keys in _unlisted(draw):
        standing, orders = classes_of(keys), _orders(keys, month)
        verdicts = [_verdict(key, {}, standing, _rules(limits), orders.get(key)) for key in keys]
        count += len(classify(verdicts, period=draw.period, as_of_on=last_of(month), at=at))
    return count


def _listed(draw: Draw) -> Iterator[list[Listed]]:
    place = 0
    while rows := list(Listed.objects.filter(draw=draw, place__gt=place).order_by("place")[:CHUNK]):
        place = rows[-1].place
        yield rows


def _unlisted(draw: Draw) -> Iterator[list[int]]:
    """Customers who are in a class and no longer on the list."""
    last, listed = 0, Listed.objects.filter(draw=draw).values("customer_id")
    while True:
        rows = (
            CustomerClass.objects.filter(customer_id__gt=last).exclude(customer_id__in=listed).order_by("customer_id")
        )
        keys = list(rows.values_list("customer_id", flat=True).distinct()[:CHUNK])
        if not keys:
            return
        last = keys[-1]
        yield keys


def _verdict(key: int, mine: Facts, standing: Any, told: Facts, state: dict[str, Any] | None) -> Verdict:
    before = {row.code: row.facts for row in standing.get(key, [])}
    causes = {}
    for code in CODES:
        if (code in mine) != (code in before):
            now = None if state is None else {**told[code], **state}
            causes[code] = cause_of(code, is_entered=code in mine, before=before.get(code), now=now)
    return Verdict(key, mine, causes)


def _limits(draw: Draw) -> dict[str, str]:
    """The company's figures as the draw froze them."""
    return {name: str(draw.policy[key]["value"]) for name, key in facts.KEYS.items()}


def _rules(limits: dict[str, str]) -> Facts:
    """The limits of each class, as they stand beside its figures."""
    return {
        "premium": {"share": limits["share"]}, "key": {"limit": limits["key_amount"]},
        "loyal": {"least": limits["loyal_orders"], "satisfaction": limits["satisfaction"]},
        "long_term": {"years": limits["years"], "months": limits["plan_months"]},
    }  # fmt: skip


def _facts(row: Listed, draw: Draw, limits: dict[str, str]) -> Facts:
    """The facts of each class as the customer's page tells them."""
    rules, head = _rules(limits), draw.figures
    score = f"{row.score / row.rated:.1f}" if row.rated else None
    by_plan = row.plan_months >= int(limits["plan_months"])
    return {
        "premium": rules["premium"] | {"paid": str(row.amount), "rank": row.place, "active": head["active"], "count": head["top"]},
        "key": rules["key"] | {"paid": str(row.amount), "contracted": str(row.contracted)},
        "loyal": rules["loyal"] | {"orders": row.orders, "score": score},
        "long_term": rules["long_term"] | {
            "first_on": row.first_on.isoformat() if row.first_on else None, "plan_months": row.plan_months, "by": "plan" if by_plan else "years",
        },
    }  # fmt: skip


def _held(keys: Sequence[int], month: int) -> set[int]:
    """Who stood in the top set of the last list and was kept out of the premium class by a record or a bill."""
    last = (
        Draw.objects.filter(kind="RPT-09", period=named(month_back(month, 1)), state=Draw.State.DRAWN)
        .order_by("-pk")
        .first()
    )
    rows = (
        Listed.objects.filter(draw=last, customer_id__in=keys, is_top=True, is_premium=False)
        if last
        else Listed.objects.none()
    )
    return set(rows.values_list("customer_id", flat=True))


def _orders(keys: Sequence[int], month: int) -> dict[int, dict[str, Any]]:
    """The orders of those who are still active."""
    since = month_back(month, MONTHS - 1)
    rows = Use.objects.filter(customer_id__in=keys, month__gte=since, month__lte=month).order_by().values("customer_id")
    return {row["customer_id"]: {"orders": row["n"]} for row in rows.annotate(n=Sum("orders"))}
